import { type Artifact, CountersignError } from '../domain/index.ts';
import { summaryPayload } from './payload.ts';
import type { StatementSigner } from './signer.ts';
import type { VerificationSummary } from './verification-summary.ts';

/**
 * Signs a verification summary about an artifact, and returns the Sigstore bundle as JSON text once its signature was
 * verified.
 *
 * @throws CountersignError `forbidden` where this signer signs none; `invalid_input` for one that is not as its schema says.
 */
export async function signSummary(
  signer: StatementSigner,
  summary: VerificationSummary,
  artifact: Artifact,
): Promise<string> {
  const bundle = await signer.sign(summaryPayload(summary, artifact));
  const result = signer.verifier.verify(bundle);
  // The verifier weighs signatures first, and then finds that this is none of the ledger's predicates.
  if (!result.ok && result.failure.code === 'unknown_predicate') return bundle;
  throw new CountersignError('internal', 'the verification summary just signed does not verify');
}
