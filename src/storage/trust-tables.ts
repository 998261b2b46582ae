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

/**
 * Signed trust policies that processes believed; rows are never changed. Any surface may add some: a row counts only where
 * its document is signed by the policy key and says that it is of this version.
 */
export interface TrustPoliciesTable {
  version: number;
  /** Digest of the document; the database sees to that. */
  digest: string;
  /** JSON text of the detached Sigstore bundle. */
  signature: string;
  /** The file, as it was signed. */
  document: Buffer;
  first_seen_at: Instant;
}
