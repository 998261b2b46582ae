import { type Db, type HeldLock, holdLock, pingDatabase } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { createMemory, type WatchMemory } from './watch-memory.ts';

/** One monitor's claim to the lead: among several, one looks and exports, and the others stand by. */
export interface Lead {
  /** Takes the lead if it is free, or makes sure that it is still ours. Null while another monitor leads. */
  take(): Promise<Term | null>;
  /** What is known from the ticks since the lead was taken; nothing while another monitor leads. */
  memory(): WatchMemory;
  /** Gives the lead up. */
  release(): Promise<void>;
}

/** The time for which one monitor leads. */
export interface Term {
  /** The connection that the lead hangs on, on which to commit: a lead that was lost since commits nothing. */
  readonly db: Db;
  /** What is known from the ticks since the lead was taken. */
  readonly memory: WatchMemory;
}

const LOCK = 'countersign monitor';

/** Makes a claim, without taking the lead yet. */
export function createLead({ db }: BaseContext): Lead {
  let held: (Term & HeldLock) | null = null;
  const release = async () => {
    const lock = held;
    held = null;
    await lock?.release();
  };
  const confirm = async (lock: HeldLock) => {
    try {
      await pingDatabase(lock.db);
      return true;
    } catch {
      return false;
    }
  };
  const take = async () => {
    if (held !== null && !(await confirm(held))) await release();
    if (held !== null) return held;
    const lock = await holdLock(db, LOCK);
    held = lock === null ? null : { ...lock, memory: createMemory() };
    return held;
  };
  return { take, release, memory: () => held?.memory ?? createMemory() };
}
