import type { Generated, JSONColumnType } from 'kysely';
import type { CurrentInputs, Instant, Principal } from '../domain/index.ts';

/** Renewals by the record that they renew: one of each number, whatever was tried at once. */
export interface RenewalsTable {
  /** Id of the renewal statement. */
  statement: string;
  record: string;
  number: number;
  renewed_at: Instant;
  valid_until: Instant;
}

/** The newest report of each reporter on a model version. Unsigned until a renewal rests on it. */
export interface InputReportsTable {
  model_id: string;
  model_version: string;
  artifact_digest: string;
  /** The reporter's account: `ci:…` or `source:…`. */
  subject: string;
  reporter: JSONColumnType<Principal>;
  digests: JSONColumnType<CurrentInputs['digests']>;
  reported_at: Instant;
  /** The transaction that wrote it last. */
  written_in: Generated<string>;
}
