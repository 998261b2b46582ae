import type { Instant } from '../domain/index.ts';

/** A checkpoint that is to be published, or was. Unsigned state, for what is published says it all. */
export interface CheckpointsTable {
  tree_size: number;
  /** The signed note. */
  note: string;
  queued_at: Instant;
}
