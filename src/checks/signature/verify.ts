import type {
  ArtifactSigner,
  ArtifactTrust,
  SignatureKind,
  SignedArtifact,
  SignedDirectory,
} from '../../attestation/index.ts';
import { type CheckProblem, digestOf, type Instant } from '../../domain/index.ts';
import type { CheckFile } from '../contract.ts';
import { readEvidence } from '../evidence/file.ts';
import { problem, toCheckProblems } from '../report.ts';
import type { OpenArtifact } from './signed.ts';
import { FAULT_REMEDIES, UNJUDGED } from './wording.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** A signature of the artifact that counts. */
export interface Verified {
  readonly evidence: string;
  readonly kind: SignatureKind;
  readonly signer: ArtifactSigner;
  readonly logged: boolean;
}

/** What became of the signatures that were submitted. */
export interface SignatureFindings {
  readonly verified: readonly Verified[];
  /** Those that were judged and do not count. */
  readonly refused: readonly CheckProblem[];
  /** Those that could not be judged. */
  readonly unjudged: readonly CheckProblem[];
}

/** Verifies every signature that was submitted; each has to count. */
export async function verifySignatures(
  signatures: readonly (readonly [string, CheckFile])[],
  artifact: OpenArtifact,
  trust: ArtifactTrust,
  now: Instant,
): Promise<SignatureFindings> {
  const { loadArtifactSignatures } = await import('../../attestation/index.ts');
  const { verifyArtifactSignature } = await loadArtifactSignatures();
  const verified: Verified[] = [];
  const refused: CheckProblem[] = [];
  const unjudged: CheckProblem[] = [];
  for (const [evidence, file] of signatures) {
    const bytes = await readEvidence(evidence, file, MAX_BYTES);
    if (!bytes.ok) {
      unjudged.push(...toCheckProblems(bytes.problems));
      continue;
    }
    const signed = signedBy(bytes.value, artifact);
    const result = verifyArtifactSignature(bytes.value, { artifact: signed, trust, now });
    if (result.ok) {
      verified.push({ evidence, kind: result.kind, signer: result.signer, logged: result.logged });
      continue;
    }
    const found = problem(evidence, `does not count: ${result.message}`, FAULT_REMEDIES[result.fault]);
    (UNJUDGED.includes(result.fault) ? unjudged : refused).push(found);
  }
  return { verified, refused, unjudged };
}

/** A signature that lies in the directory itself cannot list itself. */
function signedBy(signature: Buffer, { files, ...artifact }: OpenArtifact): SignedArtifact | SignedDirectory {
  return files === null ? artifact : { ...artifact, files, signature: digestOf(signature) };
}
