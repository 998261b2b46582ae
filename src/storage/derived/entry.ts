import type { StatementVerifier } from '../../attestation/index.ts';
import { isOffice, type TrustPolicy, type VerifiedStatement } from '../../domain/index.ts';
import { withArticle } from '../../lib/index.ts';
import type { LedgerRow } from '../ledger-tree.ts';
import type { Resignature } from '../resignatures.ts';
import { rowFault } from './row-fault.ts';

/** What an entry of the ledger amounts to: a statement from which rows are derived, or why it is none. */
export type ReadEntry =
  | { readonly ok: true; readonly statement: VerifiedStatement }
  | { readonly ok: false; readonly why: string };

/**
 * Reads an entry. Whoever signed it must be known to the policy, and it must have been their business; a statement that
 * was signed again counts by any of its signatures. That a key was revoked since changes no row: what such a statement
 * is worth is for the judge.
 */
export function readEntry(
  row: LedgerRow,
  copies: readonly Resignature[],
  { verifier, policy }: { readonly verifier: StatementVerifier; readonly policy: TrustPolicy },
): ReadEntry {
  const signatures = [row, ...copies.map(({ keyId, bundle }) => ({ ...row, keyId, bundle }))];
  const read = signatures.map((signed): ReadEntry => {
    const result = verifier.verify(signed.bundle);
    const fault = rowFault(signed, result);
    if (!result.ok || fault !== null) return { ok: false, why: fault ?? 'it does not verify' };
    const { kind, keyId } = result.statement;
    return isOffice(policy, keyId, kind)
      ? { ok: true, statement: result.statement }
      : { ok: false, why: `the key ${keyId} may not sign ${withArticle(kind)}` };
  });
  return read.find(({ ok }) => ok) ?? read[0] ?? { ok: false, why: 'it holds nothing' };
}
