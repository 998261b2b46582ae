import type { Instant } from '../domain/index.ts';

/** A checkpoint that is to be published, or was. Unsigned state, for what is published says it all. */
export interface CheckpointsTable {
  tree_size: number;
  /** The signed note. */
  note: string;
  queued_at: Instant;
}

/** The one row in which whoever holds the ledger's key says how the ledger's head stands. */
export interface SignedHeadTable {
  is_only: boolean;
  note: string | null;
  refusal: string | null;
  said_at: Instant;
}
