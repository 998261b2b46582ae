import type { Digest } from '../digest.ts';
import { type AdmissionInput, type Admitted, admit } from './admit.ts';

/**
 * The artifact that a question is about. A registry knows it by the digest of its OCI manifest; that counts where the view is
 * of an artifact whose stage results or records, admitted as any others, name the manifest. Else the digest that was
 * asked about stands for itself.
 */
export function artifactAsked(question: AdmissionInput): Digest {
  const { artifact: asked, view } = question;
  const artifact = view?.body.artifact ?? asked;
  if (artifact === asked) return asked;
  const { statements } = admit({ ...question, artifact });
  return manifestsIn(statements).has(asked) ? artifact : asked;
}

/** The manifests that we found the bytes under. What people say of an artifact repeats that, and adds nothing to it. */
export function manifestsIn(statements: readonly Admitted[]): ReadonlySet<Digest> {
  const found = statements.flatMap(({ kind, body }) =>
    kind === 'stage-result/v1' || kind === 'governance-record/v1' ? body.artifact.equivalents : [],
  );
  return new Set(found.filter(({ scheme }) => scheme === 'oci_manifest').map(({ digest }) => digest));
}
