import type { Digest } from '../digest.ts';
import { type AdmissionInput, type Admitted, admit } from './admit.ts';

/** The artifact that a question is about, and how far what is known of it goes for the digest that was asked about. */
export interface AskedAbout {
  readonly artifact: Digest;
  /** Whether that it is governed goes for the digest too; what speaks against it does in any case. */
  readonly mayServe: boolean;
}

/**
 * A registry knows an artifact by the digest of its OCI manifest; that counts where the view is of an artifact whose stage
 * results or records, admitted as any others, name the manifest. It may serve by it only where a record does: a run that failed
 * may not even have seen the bytes. Else the digest that was asked about stands for itself.
 */
export function artifactAsked(question: AdmissionInput): AskedAbout {
  const { artifact: asked, view } = question;
  const artifact = view?.body.artifact ?? asked;
  if (artifact === asked) return { artifact, mayServe: true };
  const { statements } = admit({ ...question, artifact });
  if (!manifestsIn(statements).has(asked)) return { artifact: asked, mayServe: true };
  const records = statements.filter(({ kind }) => kind === 'governance-record/v1');
  return { artifact, mayServe: manifestsIn(records).has(asked) };
}

/** The manifests that we found the bytes under. What people say of an artifact repeats that, and adds nothing to it. */
export function manifestsIn(statements: readonly Admitted[]): ReadonlySet<Digest> {
  const found = statements.flatMap(({ kind, body }) =>
    kind === 'stage-result/v1' || kind === 'governance-record/v1' ? body.artifact.equivalents : [],
  );
  return new Set(found.filter(({ scheme }) => scheme === 'oci_manifest').map(({ digest }) => digest));
}
