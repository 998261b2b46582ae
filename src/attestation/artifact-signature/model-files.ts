import { hexOf } from '../../domain/index.ts';
import { digestUnder, needsBytes } from './blob.ts';
import type { ModelHash, ModelHashing, Resource } from './model-resources.ts';
import { type NamedArtifact, SignatureError, type SignedArtifact } from './result.ts';

/**
 * Demands that an artifact is one of the files that a model signature lists.
 *
 * @throws SignatureError `other_artifact`, or `unsupported` where its bytes are needed and are not at hand
 */
export function demandListed(
  artifact: NamedArtifact | SignedArtifact,
  resources: readonly Resource[],
  { hash, shardSize }: ModelHashing,
): void {
  const files = Map.groupBy(resources, ({ path }) => path);
  const listed =
    shardSize === null
      ? isAmong(wholeDigest(artifact, hash), resources)
      : isInShards(artifact, [...files.values()], { hash, shardSize });
  if (listed) return;
  throw new SignatureError(
    'other_artifact',
    `none of the ${files.size} files that it lists is the artifact ${artifact.digest}`,
  );
}

function isAmong(wanted: string, resources: readonly Resource[]): boolean {
  return resources.some(({ digest }) => digest === wanted);
}

function wholeDigest(artifact: NamedArtifact | SignedArtifact, hash: ModelHash): string {
  return hash === 'sha256' ? hexOf(artifact.digest) : digestUnder(artifact, hash).toString('hex');
}

/** Whether all shards of one file are the artifact's. Each of its ranges is read once, and none after the last hope. */
function isInShards(
  artifact: NamedArtifact | SignedArtifact,
  files: readonly (readonly Resource[])[],
  { hash, shardSize }: { readonly hash: ModelHash; readonly shardSize: number },
): boolean {
  if (!('read' in artifact)) throw needsBytes('a model signature by shards');
  const { size } = artifact;
  const endOf = (start: number) => Math.min(start + shardSize, size);
  // No two of a file begin at the same place, so that as many as fit and end where they should leave no gap.
  const isWhole = (shards: readonly Resource[]) =>
    shards.length === Math.ceil(size / shardSize) && shards.every(({ start, end }) => end === endOf(start));
  let left = files.filter(isWhole).map((shards) => shards.toSorted((one, other) => one.start - other.start));
  for (let start = 0; start < size && left.length > 0; start += shardSize) {
    const digest = digestUnder(artifact, hash, { start, end: endOf(start) }).toString('hex');
    left = left.filter((shards) => shards[start / shardSize]?.digest === digest);
  }
  return left.length > 0;
}
