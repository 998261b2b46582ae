import {
  createVerifier,
  notIncluded,
  type RecordPackage,
  type StatementVerifier,
} from '../../attestation/index.ts';
import {
  type Digest,
  digestOf,
  type FailedStatement,
  type Instant,
  judge,
  ledgerSigners,
  ofKind,
  type Pipeline,
  parsePipeline,
  peopleOf,
  type TrustedSigner,
  type TrustPolicy,
  type Verdict,
  type VerifiedStatement,
  type Witness,
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
 *
 * @param verifier one that believes the policy; without it no keyless signature counts
 */
export function judgeOffline(
  { record, policy, artifact }: VerifyInputs,
  question: { readonly environment: string; readonly now: Instant },
  verifier: StatementVerifier = createVerifier(policy),
): OfflineVerdict {
  const { modelId, modelVersion, artifact: expected } = record;
  const view = viewOf(verifier, record.view);
  const verdict = judge({
    ...question,
    artifact: artifact.digest,
    name: { modelId, modelVersion },
    ...verifyAll(verifier, record, view, ledgerSignersFor(policy, view, question.now)),
    view,
    witness: witnessIn(verifier, record.witness),
    trust: { policy, pipelines: trustedPipelines(policy, record.pipelines) },
    people: peopleOf(policy.people),
  });
  const matches =
    artifact.digest === expected || (verdict.manifest !== null && verdict.artifact === expected);
  return { allowed: matches && verdict.allowed, matches, expected, got: artifact.digest, verdict };
}

type View = VerifiedStatement<'ledger-view/v1'>;

/** A statement counts where its signature holds and it is proved to be in the ledger. */
function verifyAll(
  verifier: StatementVerifier,
  record: RecordPackage,
  view: View | null,
  signers: readonly TrustedSigner[],
): { statements: VerifiedStatement[]; failures: FailedStatement[] } {
  const results = record.statements.map((bundle) => verifier.verify(bundle));
  const outside = view === null ? [] : notIncluded(record, view, signers, verifier);
  const outsideIds = new Set(outside.map(({ id }) => id));
  return {
    statements: results.flatMap((result) =>
      result.ok && !outsideIds.has(result.statement.id) ? [result.statement] : [],
    ),
    failures: [...results.flatMap((result) => (result.ok ? [] : [result.failure])), ...outside],
  };
}

/** Who might speak for the ledger when the view was made and still may. */
function ledgerSignersFor(policy: TrustPolicy, view: View | null, now: Instant): readonly TrustedSigner[] {
  return ledgerSigners(policy, view === null ? [now] : [view.body.issuedAt, now]);
}

/** A view that does not verify is no view, and without one the judge allows nothing. */
export function viewOf(verifier: StatementVerifier, bundle: string): View | null {
  const result = verifier.verify(bundle);
  return result.ok ? (ofKind([result.statement], 'ledger-view/v1')[0] ?? null) : null;
}

/** The monitor's word for the view, or why what stands for it is not that. */
function witnessIn(verifier: StatementVerifier, bundle: string): Witness {
  const result = verifier.verify(bundle);
  if (!result.ok) return { kind: 'false_witness', why: result.failure.message };
  const [witness] = ofKind([result.statement], 'view-witness/v1');
  return witness ?? { kind: 'false_witness', why: `it is a ${result.statement.kind}` };
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
