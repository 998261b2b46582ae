import { z } from 'zod';
import type { ArtifactTrust } from '../../attestation/index.ts';
import { type CheckProblem, type CheckReport, Instant } from '../../domain/index.ts';
import { type CheckFile, type CheckInput, defineCheck } from '../contract.ts';
import { counted, problem, report, toCheckProblems } from '../report.ts';
import { scanArtifact } from '../scan/artifact.ts';
import { SCAN_PARAMETERS, toScanPolicy } from '../scan/policy.ts';
import type { ScanReport } from '../scan/report.ts';
import { SIGNATURE_PARAMETERS, toTrustSettings, trustsNobody } from '../signature/parameters.ts';
import { type OpenArtifact, withSigned } from '../signature/signed.ts';
import { type SignatureFindings, type Verified, verifySignatures } from '../signature/verify.ts';
import { KIND_TITLES, signerOf } from '../signature/wording.ts';

const EVIDENCE = 'artifact_signature';
/** Where model_signing puts a directory's signature. */
const OWN_SIGNATURE = 'model.sig';
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
  version: '1.1.0',
  proves:
    'Somebody whom the parameters name signed these very bytes (of a directory, all its files under their names), every signature counts, and each file is of an allowed format, or text or numbers beside it, well-formed by the rules of that format, with nothing in it that runs code when it is loaded.',
  doesNotProve:
    'That the signer looked at what was signed, that the weights are free of a backdoor, or, for a key without a transparency log, when it was signed.',
  evidence: [
    {
      name: EVIDENCE,
      required: true,
      description:
        'a Sigstore bundle (v0.1 to v0.3), an OpenSSF model signature, or a bare signature as cosign sign-blob writes it; a directory may hold it as model.sig instead',
    },
    {
      name: `${EVIDENCE}.*`,
      required: false,
      description: 'further signatures of the same artifact, each of which has to count',
    },
  ],
  readsArtifact: true,
  parameters: PARAMETERS,
  run,
});

async function run(input: Input): Promise<CheckReport> {
  const scan = await scanArtifact(input.artifact, toScanPolicy(input.parameters));
  const signatures = signaturesOf(input);
  const trust = await trustOf(input.parameters, signatures);
  if (!trust.ok) return conclude(scan, NO_SIGNATURES, trust.problems);
  const now = Instant.parse(input.now);
  const verify = (artifact: OpenArtifact) => verifySignatures(signatures, artifact, trust.value, now);
  return conclude(scan, await withSigned(input.artifact, verify), []);
}

/** Those that were submitted, and one that lies in the directory where signers put it. */
function signaturesOf({ evidence, artifact: { files = [] } }: Input): (readonly [string, CheckFile])[] {
  const submitted = [...evidence].sort(([a], [b]) => (a < b ? -1 : 1));
  const own = files.find(({ name }) => name === OWN_SIGNATURE);
  if (own === undefined || submitted.some(([, { digest }]) => digest === own.digest)) return submitted;
  return [...submitted, [`artifact: ${OWN_SIGNATURE}`, own]];
}

type Trust =
  | { readonly ok: true; readonly value: ArtifactTrust }
  | { readonly ok: false; readonly problems: readonly CheckProblem[] };

/** Whose signatures count; or what stands in the way of verifying any at all. */
async function trustOf(parameters: Parameters, signatures: readonly unknown[]): Promise<Trust> {
  if (signatures.length === 0) {
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
  const files = scan.files.length > 0 ? ` of ${counted(scan.files.length, 'file')}` : '';
  return `the artifact (${scan.format}${files}, ${scan.bytes} bytes) carries ${signers.join('; ')}, and holds nothing but what its format allows`;
}
