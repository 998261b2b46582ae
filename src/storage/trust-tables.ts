import type { Instant } from '../domain/index.ts';

/** Further signatures of statements in the ledger; rows are never changed. */
export interface ResignaturesTable {
  /** Id of the statement. */
  statement: string;
  key_id: string;
  /** JSON text of the Sigstore bundle. */
  bundle: string;
  recorded_at: Instant;
}

/** Every signed trust policy that a process believed; rows are never changed. */
export interface TrustPoliciesTable {
  version: number;
  /** Digest of the file. */
  digest: string;
  first_seen_at: Instant;
}
