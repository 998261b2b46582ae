import { z } from 'zod';
import { sha256Hex } from '../../lib/index.ts';
import { demandListed } from './model-files.ts';
import { type ModelHash, type ModelHashing, malformedModel, readResources } from './model-resources.ts';
import { type NamedArtifact, SignatureError, type SignedArtifact } from './result.ts';

/** The predicate of OpenSSF model signing. */
export const MODEL_SIGNING = 'https://model_signing/signature/v1.0';
/** That of its versions up to 0.2: each file is a subject, and the predicate says nothing. */
export const MODEL_DIGESTS = 'https://model_signing/Digests/v0.1';

const HASHES: Readonly<Record<string, ModelHash>> = { sha256: 'sha256', blake2b: 'blake2b512' };

const Predicate = z.looseObject({
  serialization: z.looseObject({
    method: z.string(),
    hash_type: z.string(),
    shard_size: z.int().positive().optional(),
  }),
  resources: z
    .array(z.looseObject({ name: z.string(), algorithm: z.string(), digest: z.string() }))
    .min(1)
    .max(1_000_000),
});
type Predicate = z.infer<typeof Predicate>;

/** A subject of a statement, as it was read. */
interface Subject {
  readonly digest: Readonly<Record<string, string>>;
  readonly name?: unknown;
}

/**
 * Demands that a model-signing manifest is whole and lists this artifact: its root must be the digest of the one subject,
 * every resource a relative path within the model, and the artifact, by its whole digest or all its shards, one of the
 * files. Of a model of several files, the artifact is the one; the others are not ours to look at, and so neither is
 * what the signer left out.
 *
 * @throws SignatureError
 */
export function demandModelManifest(
  artifact: NamedArtifact | SignedArtifact,
  subject: readonly Subject[],
  predicate: unknown,
): void {
  const parsed = Predicate.safeParse(predicate);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformedModel(`predicate.${issue?.path.join('.')}: ${issue?.message}`);
  }
  const hashing = hashingOf(parsed.data.serialization);
  const resources = readResources(parsed.data.resources, hashing);
  const root = sha256Hex(Buffer.from(resources.map(({ digest }) => digest).join(''), 'hex'));
  if (subject.length !== 1 || subject[0]?.digest['sha256'] !== root)
    throw new SignatureError('other_artifact', 'its subject is not the root of the resources that it lists');
  demandListed(artifact, resources, hashing);
}

/** Demands that a manifest of the versions up to 0.2 lists this artifact. @throws SignatureError */
export function demandModelDigests(
  artifact: NamedArtifact | SignedArtifact,
  subject: readonly Subject[],
): void {
  const hashing: ModelHashing = { name: 'sha256', hash: 'sha256', shardSize: null };
  const listed = subject.map(({ name, digest }) => ({
    name: typeof name === 'string' ? name : '',
    algorithm: 'sha256',
    digest: digest['sha256'] ?? '',
  }));
  demandListed(artifact, readResources(listed, hashing), hashing);
}

function hashingOf({ method, hash_type, shard_size }: Predicate['serialization']): ModelHashing {
  // Some versions write the name of the resources' algorithm here.
  const name = hash_type.replace(`-sharded-${shard_size}`, '');
  const hash = Object.hasOwn(HASHES, name) ? HASHES[name] : undefined;
  if (hash === undefined || (method !== 'files' && method !== 'shards')) {
    const what = `${hash_type.slice(0, 60)} of ${method.slice(0, 60)}`;
    throw new SignatureError(
      'unsupported',
      `the model was signed by ${what}; supported are sha256 and blake2b, of files and of shards`,
    );
  }
  if (method === 'files') return { name, hash, shardSize: null };
  if (shard_size === undefined) throw malformedModel('predicate.serialization.shard_size is missing');
  return { name, hash, shardSize: shard_size };
}
