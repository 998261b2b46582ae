import { hexOf, isLeftOutBySignatures } from '../../domain/index.ts';
import { digestUnder, needsBytes } from './blob.ts';
import type { ModelHash, ModelHashing, Resource } from './model-resources.ts';
import {
  type NamedArtifact,
  printable,
  SignatureError,
  type SignedArtifact,
  type SignedDirectory,
  type SignedFile,
} from './result.ts';

/**
 * Demands that an artifact is one of the files that a model signature lists; or, where it is a directory, that its files and
 * those are the same.
 *
 * @throws SignatureError `other_artifact`, or `unsupported` where its bytes are needed and are not at hand
 */
export function demandListed(
  artifact: NamedArtifact | SignedArtifact | SignedDirectory,
  resources: readonly Resource[],
  hashing: ModelHashing,
): void {
  const files = Map.groupBy(resources, ({ path }) => path);
  if ('files' in artifact) demandSameFiles(artifact, files, hashing);
  else if (!isListed(artifact, [...files.values()], hashing))
    throw new SignatureError(
      'other_artifact',
      `none of the ${files.size} files that it lists is the artifact ${artifact.digest}`,
    );
}

/**
 * Every file must be listed with its bytes, and every one that is listed be there. Unlisted may be the signature itself and what
 * such signatures leave out by themselves, but nothing that this one says it leaves out: that would be there unsigned.
 */
function demandSameFiles(
  { files, signature }: SignedDirectory,
  listed: ReadonlyMap<string, readonly Resource[]>,
  hashing: ModelHashing,
): void {
  const present = new Set(files.map(({ name }) => name));
  const missing = [...listed.keys()].find((path) => !present.has(path));
  if (missing !== undefined) throw otherFiles(missing, 'is listed in it, and is no file of the directory');
  for (const file of files) {
    const resources = listed.get(file.name);
    if (resources === undefined) {
      if (file.digest === signature || isLeftOut(file, hashing)) continue;
      throw otherFiles(file.name, 'is a file of the directory, and not listed in it');
    }
    if (!isListed(file, [resources], hashing))
      throw otherFiles(file.name, 'has other bytes than those listed in it');
  }
}

/** An empty file has no shards that could be listed. */
function isLeftOut({ name, size }: SignedFile, { shardSize }: ModelHashing): boolean {
  return name === 'model.sig' || isLeftOutBySignatures(name) || (shardSize !== null && size === 0);
}

function otherFiles(name: string, message: string): SignatureError {
  return new SignatureError(
    'other_artifact',
    `it is of another directory: ${JSON.stringify(printable(name))} ${message}`,
  );
}

/** Whether one of some files, each by what is listed of it, is the artifact. */
function isListed(
  artifact: NamedArtifact | SignedArtifact,
  files: readonly (readonly Resource[])[],
  { hash, shardSize }: ModelHashing,
): boolean {
  return shardSize === null
    ? isAmong(wholeDigest(artifact, hash), files.flat())
    : isInShards(artifact, files, { hash, shardSize });
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
