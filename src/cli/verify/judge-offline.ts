import { createVerifier, type StatementVerifier } from '../../attestation/index.ts';
import {
  type Digest,
  digestOf,
  type FailedStatement,
  type Instant,
  judge,
  ofKind,
  type Pipeline,
  parsePipeline,
  peopleOf,
  type TrustPolicy,
  type Verdict,
  type VerifiedStatement,
} from '../../domain/index.ts';
import type { VerifyInputs } from './read-inputs.ts';

/** A verdict made without a server. */
export interface OfflineVerdict {
  /** Whether the artifact is the package's *and* the judge allows it. */
  readonly allowed: boolean;
  /** Whether the artifact's bytes are those that the package is about. */
  readonly matches: boolean;
  readonly expected: Digest;
  readonly got: Digest;
  readonly verdict: Verdict;
}

/**
 * Judges an artifact on a record package, believing only what the policy names: statements by their signatures,
 * pipelines by their digests, and the package's own words not at all.
 */
export function judgeOffline(
  { record, policy, artifact }: VerifyInputs,
  question: { readonly environment: string; readonly now: Instant },
): OfflineVerdict {
  const verifier = createVerifier(policy);
  const { modelId, modelVersion, artifact: expected } = record;
  const verdict = judge({
    ...question,
    artifact: artifact.digest,
    name: { modelId, modelVersion },
    ...verifyAll(verifier, record.statements),
    view: viewOf(verifier, record.view),
    trust: { policy, pipelines: trustedPipelines(policy, record.pipelines) },
    people: peopleOf(policy.people),
  });
  const matches = artifact.digest === expected;
  return { allowed: matches && verdict.allowed, matches, expected, got: artifact.digest, verdict };
}

function verifyAll(
  verifier: StatementVerifier,
  bundles: readonly string[],
): { statements: VerifiedStatement[]; failures: FailedStatement[] } {
  const results = bundles.map((bundle) => verifier.verify(bundle));
  return {
    statements: results.flatMap((result) => (result.ok ? [result.statement] : [])),
    failures: results.flatMap((result) => (result.ok ? [] : [result.failure])),
  };
}

/** A view that does not verify is no view, and without one the judge allows nothing. */
function viewOf(verifier: StatementVerifier, bundle: string): VerifiedStatement<'ledger-view/v1'> | null {
  const result = verifier.verify(bundle);
  return result.ok ? (ofKind([result.statement], 'ledger-view/v1')[0] ?? null) : null;
}

/** A pipeline is known by the digest of its text; a text that the policy does not name is not even read. */
function trustedPipelines(policy: TrustPolicy, texts: readonly string[]): ReadonlyMap<Digest, Pipeline> {
  const trusted = new Set(policy.pipelines.map(({ digest }) => digest));
  const parsed = texts
    .filter((text) => trusted.has(digestOf(text)))
    .flatMap((text) => {
      const result = parsePipeline(text, 'pipeline');
      return result.ok ? [result.value] : [];
    });
  return new Map(parsed.map((pipeline) => [pipeline.digest, pipeline]));
}
