import { type HeldLock, holdLock, pingDatabase, type Tx } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { createMemory, type WatchMemory } from './watch-memory.ts';

/** One monitor's claim to the lead: among several, one looks and exports, and the others stand by. */
export interface Lead {
  /** Takes the lead if it is free, or makes sure that it is still ours. Null while another monitor leads. */
  take(): Promise<Term | null>;
  /** What is known from the ticks since the lead was taken; nothing while another monitor leads. */
  memory(): WatchMemory;
  /** Whether the lead is ours, as the database has it now. */
  holds(): Promise<boolean>;
  /** Gives the lead up. */
  release(): Promise<void>;
}

/** The time for which one monitor leads. */
export interface Term {
  /** A transaction on the connection that the lead hangs on: a lead that was lost since commits nothing. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** What is known from the ticks since the lead was taken. */
  readonly memory: WatchMemory;
}

const LOCK = 'countersign monitor';

/**
 * Makes a claim, without taking the lead yet.
 * @param lease milliseconds after which a leader of whom nothing is heard has lost the lead
 */
export function createLead({ db }: Pick<BaseContext, 'db'>, lease?: number): Lead {
  let held: (Term & HeldLock) | null = null;
  const release = async () => {
    const lock = held;
    held = null;
    await lock?.release();
  };
  const holds = async () => {
    try {
      await held?.use(pingDatabase);
      return held !== null;
    } catch {
      return false;
    }
  };
  const take = async () => {
    if (!(await holds())) await release();
    held ??= termOf(await holdLock(db, LOCK, lease));
    return held;
  };
  return { take, holds, release, memory: () => held?.memory ?? createMemory() };
}

function termOf(lock: HeldLock | null): (Term & HeldLock) | null {
  if (lock === null) return null;
  const transaction: Term['transaction'] = (work) => lock.use((db) => db.transaction().execute(work));
  return { ...lock, transaction, memory: createMemory() };
}
