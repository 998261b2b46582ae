import type { StatementVerifier, TreeHead } from '../../attestation/index.ts';
import type { Instant, StatementId } from '../../domain/index.ts';
import type { RowDifference } from './differences.ts';
import type { Weighing } from './draft.ts';

/** An entry of the ledger from which nothing is derived. */
export interface RefusedEntry {
  readonly index: number;
  readonly id: StatementId;
  readonly why: string;
}

/** What a rebuild goes by, and what it is to do. */
export interface RebuildWish extends Omit<Weighing, 'run'> {
  readonly verifier: StatementVerifier;
  /** A head of the ledger that was signed: its entries must still give it. Null where none is at hand. */
  readonly signed: TreeHead | null;
  readonly now: Instant;
  /** Only compares. */
  readonly check: boolean;
  /** Removes rows of entries that are refused as well; without it nothing is put right while there are any. */
  readonly removeRefused: boolean;
  /** Told after each page how many entries were looked at, of how many. */
  readonly onProgress: (done: number, total: number) => void;
  readonly onRefused: (refused: RefusedEntry) => void;
  readonly onDifference: (difference: RowDifference) => void;
}

/** What came of a rebuild. */
export interface Rebuilt {
  readonly entries: number;
  /** Entries from which nothing is derived. */
  readonly refused: number;
  /** Rows that hold other words or reports than those of which the digest was signed: these cannot be put right. */
  readonly unproved: number;
  /** Rows that are not as the statements say. */
  readonly differences: number;
  /** Whether what differed was put right. */
  readonly mended: boolean;
}
