import { SignatureError } from './result.ts';

/** A hash that the files of a model may be listed by, under Node's name. */
export type ModelHash = 'sha256' | 'blake2b512';

const DIGITS: Readonly<Record<ModelHash, RegExp>> = {
  sha256: /^[0-9a-f]{64}$/,
  blake2b512: /^[0-9a-f]{128}$/,
};
const SHARD = /^([^:]+):(0|[1-9]\d{0,14}):([1-9]\d{0,14})$/;

/** How the digests of a model signature were made. */
export interface ModelHashing {
  /** As the format writes it. */
  readonly name: string;
  readonly hash: ModelHash;
  /** Bytes; null where files are hashed whole. */
  readonly shardSize: number | null;
}

/** A file, or a shard of one, that a model signature lists. */
export interface Resource {
  readonly path: string;
  readonly digest: string;
  /** The bytes of a shard: from the first, up to and without the last. */
  readonly start: number;
  readonly end: number;
}

/** What a model signature lists, before it is read. */
interface ListedResource {
  readonly name: string;
  readonly algorithm: string;
  readonly digest: string;
}

/**
 * Reads what a model signature lists, in its order.
 *
 * @throws SignatureError `malformed` for what leaves the model, is listed twice, or has no digest of the signature's kind
 */
export function readResources(listed: readonly ListedResource[], hashing: ModelHashing): Resource[] {
  const seen = new Set<string>();
  return listed.map(({ name, algorithm, digest }) => {
    if (!algorithmsOf(hashing).includes(algorithm) || !DIGITS[hashing.hash].test(digest))
      throw malformedModel(`a resource has no digest by ${hashing.name}: ${quote(name)}`);
    const place = hashing.shardSize === null ? wholeFile(name) : shard(name, hashing.shardSize);
    if (!isInside(place.path)) throw malformedModel(`a resource is outside of the model: ${quote(name)}`);
    const key = `${place.start}:${place.path}`;
    if (seen.has(key)) throw malformedModel(`a resource is listed twice: ${quote(name)}`);
    seen.add(key);
    return { ...place, digest };
  });
}

/** What is wrong with a model signature that nobody can read. */
export function malformedModel(message: string): SignatureError {
  return new SignatureError('malformed', `the model signature is malformed: ${message}`);
}

function algorithmsOf({ name, shardSize }: ModelHashing): readonly string[] {
  return shardSize === null ? [name] : [name, `${name}-sharded-${shardSize}`];
}

function wholeFile(name: string) {
  return { path: name, start: 0, end: Number.POSITIVE_INFINITY };
}

function shard(name: string, size: number) {
  const [, path = '', first, last] = SHARD.exec(name) ?? [];
  const [start, end] = [Number(first), Number(last)];
  if (path === '' || start % size !== 0 || end <= start || end - start > size)
    throw malformedModel(`a resource is no shard of ${size} bytes (path:start:end): ${quote(name)}`);
  return { path, start, end };
}

function isInside(path: string): boolean {
  return (
    path !== '' &&
    !/^[/\\]|^[A-Za-z]:|\\|\0/.test(path) &&
    (path === '.' || !path.split('/').some((part) => part === '..' || part === '' || part === '.'))
  );
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 120));
}
