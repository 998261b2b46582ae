import type { ColumnType, JSONColumnType } from 'kysely';
import type { Artifact, Instant, Publication, PublishedFile } from '../domain/index.ts';

/** What stands published of each model version in each place. */
export interface PublicationsTable {
  place: string;
  model_id: string;
  model_version: string;
  artifact: JSONColumnType<Artifact>;
  /** None while nothing was published. */
  files: JSONColumnType<PublishedFile[]>;
  /** Statements of the ledger up to this size have been looked at. */
  tree_size: number;
  /** Digest of the trust policy by which it was judged. */
  policy: string;
  /** When it is to be published anew though the ledger says nothing new; null for never. */
  due_at: Instant | null;
  published_at: Instant | null;
  /** When it is to be looked at again. */
  inspect_at: Instant;
  faults: JSONColumnType<Publication['faults'][number][]>;
  failure: ColumnType<Publication['failure'], string | null, string | null>;
}
