import { type Db, type HeldLock, holdLock, pingDatabase } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import type { Looks } from './look-around.ts';
import { createMemory, type WatchMemory } from './watch-memory.ts';

/** One monitor's claim to the lead: among several, one looks and exports, and the others stand by. */
export interface Lead {
  /** Takes the lead if it is free, or makes sure that it is still ours. Null while another monitor leads. */
  take(): Promise<Term | null>;
  /** The time for which we lead, as far as we know; null while another monitor leads. */
  term(): Term | null;
  /** Whether the lead is ours, as the database has it now. */
  holds(): Promise<boolean>;
  /** Gives the lead up. */
  release(): Promise<void>;
}

/** The time for which one monitor leads. */
export interface Term {
  /** The connection that the lead hangs on: whoever lost it since writes nothing there. */
  readonly db: Db;
  /** What is known from the ticks since the lead was taken. */
  readonly memory: WatchMemory;
  /** What of the looks that were begun since then is still to come. */
  readonly looks: Looks;
}

const LOCK = 'countersign monitor';

/**
 * Makes a claim, without taking the lead yet.
 * @param lease milliseconds after which a leader of whom nothing is heard has lost the lead
 */
export function createLead({ db }: Pick<BaseContext, 'db'>, lease?: number): Lead {
  let held: (Term & HeldLock) | null = null;
  // A look that hangs still does so when the lead was lost and taken again.
  const underWay: Looks['underWay'] = new Map();
  const release = async () => {
    const lock = held;
    held = null;
    await lock?.release();
  };
  const holds = async () => {
    try {
      if (held !== null) await pingDatabase(held.db);
      return held !== null;
    } catch {
      return false;
    }
  };
  const take = async () => {
    if (!(await holds())) await release();
    const lock = held === null ? await holdLock(db, LOCK, lease) : null;
    if (lock !== null) held = { ...lock, memory: createMemory(), looks: { ended: new Map(), underWay } };
    return held;
  };
  return { take, holds, release, term: () => held };
}
