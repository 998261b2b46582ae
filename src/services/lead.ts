import { type Db, type HeldLock, holdLock, pingDatabase } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** One monitor's claim to the lead: among several, one looks and exports, and the others stand by. */
export interface Lead {
  /**
   * Takes the lead if it is free, or makes sure that it is still ours. Returns the connection that the lead hangs on, on
   * which to commit: a lead that was lost since commits nothing. Null while another monitor leads.
   */
  take(): Promise<Db | null>;
  /** Gives the lead up. */
  release(): Promise<void>;
}

const LOCK = 'countersign monitor';

/** Makes a claim, without taking the lead yet. */
export function createLead({ db }: BaseContext): Lead {
  let held: HeldLock | null = null;
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
    held ??= await holdLock(db, LOCK);
    return held?.db ?? null;
  };
  return { take, release };
}
