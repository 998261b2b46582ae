import { z } from 'zod';
import {
  type Digest,
  GOVERNANCE_STATUSES,
  hexOf,
  Instant,
  type ModelName,
  modelName,
  RiskTier,
  type Verdict,
} from '../domain/index.ts';

/** The `predicateType` of a SLSA verification summary. */
export const SUMMARY_TYPE = 'https://slsa.dev/verification_summary/v1';

/** The field in which a summary tells what its two words cannot. */
const DETAIL = 'https://countersign.dev/governance/v1';

const Descriptor = z.strictObject({
  uri: z.string(),
  digest: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
});

/** The judge's verdict in the words of SLSA, for admission controllers that know no others. */
export const VerificationSummary = z.strictObject({
  verifier: z.strictObject({ id: z.string().min(1) }),
  timeVerified: Instant,
  /** Where the artifact is to serve, so that a summary for one environment is of no use in another. */
  resourceUri: z.string().min(1),
  policy: Descriptor,
  /** Every statement that was judged. */
  inputAttestations: z.array(Descriptor),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(z.enum(['COUNTERSIGN_GOVERNED', 'COUNTERSIGN_OVERRIDDEN', 'FAILED'])).length(1),
  [DETAIL]: z.strictObject({
    status: z.enum(GOVERNANCE_STATUSES),
    riskTier: RiskTier.nullable(),
    validUntil: Instant.nullable(),
  }),
});
export type VerificationSummary = z.infer<typeof VerificationSummary>;

/** A published file that holds a statement. */
interface InputAttestation {
  readonly name: string;
  readonly digest: Digest;
}

/**
 * Sums up a verdict on a model version.
 * @param verifier who verified; consumers believe known pairs of signer and verifier only
 * @param policy digest of the trust policy's canonical JSON
 * @param inputs all of the statements that the verdict rests on
 */
export function summaryOf(
  verdict: Verdict,
  name: ModelName,
  { verifier, policy, inputs }: { verifier: string; policy: Digest; inputs: readonly InputAttestation[] },
): VerificationSummary {
  const { status, allowed, basis, override, judgedAt, environment } = verdict;
  const level = status === 'overridden' ? 'COUNTERSIGN_OVERRIDDEN' : 'COUNTERSIGN_GOVERNED';
  return {
    verifier: { id: verifier },
    timeVerified: judgedAt,
    resourceUri: `countersign://${encodeURIComponent(environment)}/${modelName(name)}`,
    policy: { uri: 'https://countersign.dev/trust-policy', digest: { sha256: hexOf(policy) } },
    inputAttestations: inputs.map(({ name: uri, digest }) => ({ uri, digest: { sha256: hexOf(digest) } })),
    verificationResult: allowed ? 'PASSED' : 'FAILED',
    verifiedLevels: [allowed ? level : 'FAILED'],
    [DETAIL]: {
      status,
      riskTier: basis?.riskTier ?? null,
      validUntil: override?.until ?? basis?.validUntil ?? null,
    },
  };
}
