import { z } from 'zod';
import { hexOf } from '../../domain/index.ts';
import { sha256Hex } from '../../lib/index.ts';
import { type NamedArtifact, SignatureError } from './result.ts';

/** The predicate of OpenSSF model signing. */
export const MODEL_SIGNING = 'https://model_signing/signature/v1.0';

const Resource = z.looseObject({ name: z.string(), algorithm: z.string(), digest: z.string() });
const Predicate = z.looseObject({
  serialization: z.looseObject({ method: z.string(), hash_type: z.string() }),
  resources: z.array(Resource).min(1).max(1_000_000),
});
type Resource = z.infer<typeof Resource>;

/**
 * Demands that a model-signing manifest is whole and lists this artifact: its root must be the digest of the one subject,
 * every resource a relative path within the model, and one of them must have the artifact's SHA-256. Of a model of
 * several files, the artifact is the one; the others are not ours to look at.
 *
 * @throws SignatureError
 */
export function demandModelManifest(
  artifact: NamedArtifact,
  subject: readonly { readonly digest: Readonly<Record<string, string>> }[],
  predicate: unknown,
): void {
  const parsed = Predicate.safeParse(predicate);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformed(`predicate.${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { serialization, resources } = parsed.data;
  demandPlain(serialization, resources);
  const root = sha256Hex(Buffer.from(resources.map(({ digest }) => digest).join(''), 'hex'));
  if (subject.length !== 1 || subject[0]?.digest['sha256'] !== root)
    throw new SignatureError('other_artifact', 'its subject is not the root of the resources that it lists');
  if (!resources.some(({ digest }) => digest === hexOf(artifact.digest)))
    throw new SignatureError(
      'other_artifact',
      `none of the ${resources.length} files that it lists has the digest ${artifact.digest}`,
    );
}

function demandPlain(
  { method, hash_type: hash }: { readonly method: string; readonly hash_type: string },
  resources: readonly Resource[],
): void {
  if (method !== 'files' || hash !== 'sha256') {
    throw new SignatureError(
      'unsupported',
      `the model was signed by ${hash} of ${method}; supported is sha256 of files, the default of model_signing`,
    );
  }
  const names = new Set<string>();
  for (const { name, algorithm, digest } of resources) {
    if (algorithm !== 'sha256' || !/^[0-9a-f]{64}$/.test(digest))
      throw malformed('a resource has no SHA-256');
    if (!isInside(name))
      throw malformed(`a resource is outside of the model: ${JSON.stringify(name.slice(0, 120))}`);
    if (names.has(name)) throw malformed(`a resource is listed twice: ${JSON.stringify(name.slice(0, 120))}`);
    names.add(name);
  }
}

function isInside(name: string): boolean {
  return (
    name !== '' &&
    !/^[/\\]|^[A-Za-z]:|\\|\0/.test(name) &&
    (name === '.' || !name.split('/').some((part) => part === '..' || part === '' || part === '.'))
  );
}

function malformed(message: string): SignatureError {
  return new SignatureError('malformed', `the model signature is malformed: ${message}`);
}
