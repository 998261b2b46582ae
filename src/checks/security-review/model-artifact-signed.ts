import { z } from 'zod';
import type { ArtifactTrust } from '../../attestation/index.ts';
import { type CheckProblem, type CheckReport, Instant } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { counted, problem, report, toCheckProblems } from '../report.ts';
import { SCAN_PARAMETERS, toScanPolicy } from '../scan/policy.ts';
import { type ScanReport, scanSource } from '../scan/scan.ts';
import { type FileSource, withFile } from '../scan/source.ts';
import { SIGNATURE_PARAMETERS, toTrustSettings, trustsNobody } from '../signature/parameters.ts';
import { type SignatureFindings, type Verified, verifySignatures } from '../signature/verify.ts';
import { KIND_TITLES, signerOf } from '../signature/wording.ts';

const EVIDENCE = 'artifact_signature';
const PARAMETERS = z.strictObject({ ...SIGNATURE_PARAMETERS, ...SCAN_PARAMETERS });
type Parameters = z.output<typeof PARAMETERS>;
type Input = CheckInput<Parameters>;

/** Globals that are listed in the report; all are counted. */
const MAX_LISTED = 200;
const NO_SIGNATURES: SignatureFindings = { verified: [], refused: [], unjudged: [] };

/** The artifact is signed by somebody of the operator's choice, and holds nothing that runs code when it is loaded. */
export const modelArtifactSigned = defineCheck({
  name: 'model_artifact_signed',
  stage: 'security_review',
  version: '1.0.0',
  proves:
    'Somebody whom the parameters name signed these very bytes, every signature submitted counts, and the artifact is of an allowed format, well-formed by the rules of that format, with nothing in it that runs code when it is loaded.',
  doesNotProve:
    'That the signer looked at what was signed, that the weights are free of a backdoor, or, for a key without a transparency log, when it was signed.',
  evidence: [
    {
      name: EVIDENCE,
      required: true,
      description:
        'a Sigstore bundle (v0.1 to v0.3), an OpenSSF model signature, or a bare signature as cosign sign-blob writes it',
    },
    {
      name: `${EVIDENCE}.*`,
      required: false,
      description: 'further signatures of the same artifact, each of which has to count',
    },
  ],
  readsArtifact: true,
  parameters: PARAMETERS,
  run: (input) => withFile(input.artifact, (source) => run(input, source)),
});

async function run(input: Input, source: FileSource): Promise<CheckReport> {
  const scan = await scanSource(source, toScanPolicy(input.parameters));
  const trust = await trustOf(input);
  if (!trust.ok) return conclude(scan, NO_SIGNATURES, trust.problems);
  const signatures = [...input.evidence].sort(([a], [b]) => (a < b ? -1 : 1));
  const artifact = { digest: input.artifact.digest, source };
  const now = Instant.parse(input.now);
  return conclude(scan, await verifySignatures(signatures, artifact, trust.value, now), []);
}

type Trust =
  | { readonly ok: true; readonly value: ArtifactTrust }
  | { readonly ok: false; readonly problems: readonly CheckProblem[] };

/** Whose signatures count; or what stands in the way of verifying any at all. */
async function trustOf({ evidence, parameters }: Input): Promise<Trust> {
  if (evidence.size === 0) {
    const remedy = 'sign the artifact, e.g. with cosign sign-blob or model_signing sign';
    return { ok: false, problems: [problem(EVIDENCE, 'was not submitted', remedy)] };
  }
  if (trustsNobody(parameters)) {
    const message =
      'names nobody whose signature counts, and neither do identities and certificate_authorities';
    const remedy = 'set keys, or identities with trusted_root, or certificate_authorities for this stage';
    return { ok: false, problems: [problem('parameter keys', message, remedy)] };
  }
  const { loadArtifactSignatures } = await import('../../attestation/index.ts');
  const { readArtifactTrust } = await loadArtifactSignatures();
  const trust = readArtifactTrust(toTrustSettings(parameters));
  if (trust.ok) return trust;
  const problems = toCheckProblems(trust.problems);
  return { ok: false, problems: problems.map((found) => ({ ...found, where: `parameter ${found.where}` })) };
}

function conclude(
  scan: ScanReport,
  findings: SignatureFindings,
  missing: readonly CheckProblem[],
): CheckReport {
  const { verified, refused, unjudged } = findings;
  const against = [...scan.problems, ...refused];
  const problems = [...against, ...unjudged, ...missing];
  const outcome = against.length > 0 ? 'failed' : problems.length > 0 ? 'insufficient_evidence' : 'passed';
  return report(outcome, messageOf(scan, verified, problems), {
    problems,
    measurements: [
      { name: 'artifact_bytes', value: scan.bytes, unit: 'bytes' },
      { name: 'signatures_verified', value: verified.length, unit: 'count' },
      { name: 'pickle_globals', value: scan.globals.length, unit: 'count' },
    ],
    details: {
      format: scan.format,
      scan: scan.details,
      globals: scan.globals.slice(0, MAX_LISTED),
      signatures: verified.map(({ signer, ...rest }) => ({ ...rest, signer: { ...signer } })),
    },
  });
}

function messageOf(
  scan: ScanReport,
  verified: readonly Verified[],
  problems: readonly CheckProblem[],
): string {
  const [first] = problems;
  if (first !== undefined) {
    const more = problems.length > 1 ? `, and ${counted(problems.length - 1, 'more problem')}` : '';
    return `${first.where} ${first.message}${more}`;
  }
  const signers = verified.map(({ kind, signer }) => `${KIND_TITLES[kind]} by ${signerOf(signer)}`);
  return `the artifact (${scan.format}, ${scan.bytes} bytes) carries ${signers.join('; ')}, and holds nothing but what its format allows`;
}
