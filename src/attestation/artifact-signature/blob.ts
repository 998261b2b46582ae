import { createHash, createVerify, type KeyObject, verify } from 'node:crypto';
import { hexOf } from '../../domain/index.ts';
import { isDigestSignedBy } from './ecdsa-digest.ts';
import { hashesOf, type SignatureHash } from './public-key.ts';
import { type NamedArtifact, SignatureError, type SignedArtifact } from './result.ts';

const CHUNK = 4 * 1024 * 1024;
/** Ed25519 reads what it signs twice, so the bytes must be there whole. */
const MAX_ED25519 = 256 * 1024 * 1024;

/** One key under one of its hashes, fed with the artifact. */
interface Attempt {
  readonly key: KeyObject;
  update(chunk: Uint8Array): void;
  fits(): boolean;
}

/**
 * Which of some keys made a signature over an artifact's bytes. Reads the artifact once, whatever the number of keys.
 *
 * @throws SignatureError `unsupported` where only Ed25519 keys could have, and the artifact is too large for them, or
 *   where the bytes are not at hand and only keys that need them could have
 */
export function blobSigner(
  artifact: NamedArtifact | SignedArtifact,
  keys: readonly KeyObject[],
  signature: Uint8Array,
): KeyObject | undefined {
  if (!('read' in artifact)) return digestSigner(artifact, keys, signature);
  const streamed = keys.flatMap((key) => hashesOf(key).flatMap((hash) => attempt(key, hash, signature)));
  if (streamed.length > 0)
    for (const chunk of chunksOf(artifact)) for (const one of streamed) one.update(chunk);
  return streamed.find((one) => one.fits())?.key ?? ed25519Signer(artifact, keys, signature);
}

/** Bytes of an artifact: from the first, up to and without the last. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The digest of an artifact, or of a range of it, under a hash. @throws SignatureError `unsupported` without its bytes */
export function digestUnder(
  artifact: NamedArtifact | SignedArtifact,
  hash: 'sha256' | 'sha384' | 'sha512' | 'blake2b512',
  range?: Range,
): Buffer {
  if (!('read' in artifact)) throw needsBytes(`a signature over ${hash}`);
  const sum = createHash(hash);
  for (const chunk of chunksOf(artifact, range)) sum.update(chunk);
  return sum.digest();
}

function digestSigner(
  { digest }: NamedArtifact,
  keys: readonly KeyObject[],
  signature: Uint8Array,
): KeyObject | undefined {
  const fitting = keys.filter((key) => key.asymmetricKeyDetails?.namedCurve === 'prime256v1');
  if (fitting.length === 0 && keys.length > 0) throw needsBytes('a signature by a key that is not P-256');
  return fitting.find((key) => isDigestSignedBy(key, Buffer.from(hexOf(digest), 'hex'), signature));
}

/** For a question that a digest cannot answer. */
export function needsBytes(what: string): SignatureError {
  return new SignatureError(
    'unsupported',
    `${what} needs the artifact's bytes: give the file, not its digest`,
  );
}

function attempt(key: KeyObject, hash: SignatureHash, signature: Uint8Array): Attempt[] {
  if (hash === null) return [];
  const verifier = createVerify(hash);
  return [
    {
      key,
      update: (chunk) => verifier.update(chunk),
      fits: () => {
        try {
          return verifier.verify(key, signature);
        } catch {
          return false;
        }
      },
    },
  ];
}

function ed25519Signer(
  artifact: SignedArtifact,
  keys: readonly KeyObject[],
  signature: Uint8Array,
): KeyObject | undefined {
  const fitting = keys.filter((key) => key.asymmetricKeyType === 'ed25519');
  if (fitting.length === 0 || signature.length !== 64) return undefined;
  if (artifact.size > MAX_ED25519) {
    throw new SignatureError(
      'unsupported',
      `Ed25519 over the bytes themselves is verified up to ${MAX_ED25519} bytes, and the artifact has ${artifact.size}: sign its digest, with OpenSSF model signing or an in-toto statement`,
    );
  }
  const bytes = artifact.read(0, artifact.size);
  return fitting.find((key) => verify(null, bytes, key, signature));
}

function* chunksOf(
  artifact: SignedArtifact,
  { start, end }: Range = { start: 0, end: artifact.size },
): Generator<Uint8Array> {
  for (let at = start; at < end; at += CHUNK) yield artifact.read(at, Math.min(CHUNK, end - at));
}
