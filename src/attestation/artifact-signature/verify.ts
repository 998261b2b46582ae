import type { KeyObject, X509Certificate } from 'node:crypto';
import { hexOf, type Instant } from '../../domain/index.ts';
import { preAuthEncoding } from '../pre-auth-encoding.ts';
import { blobSigner, digestUnder } from './blob.ts';
import { type ArtifactBundle, readArtifactBundle, type SignedContent } from './bundle-shape.ts';
import { nameOf, readCertificates, vouch } from './certificate-chain.ts';
import { refuseFaultyEncoding } from './faulty-encoding.ts';
import { identityOf } from './identity.ts';
import { demandStatementAbout } from './in-toto.ts';
import { demandReadable, verifyProofs } from './log.ts';
import { isSignedBy } from './public-key.ts';
import { readRawSignature } from './raw-signature.ts';
import {
  type ArtifactSignatureResult,
  type ArtifactSigner,
  type NamedArtifact,
  printable,
  SignatureError,
  type SignatureKind,
  type SignedArtifact,
} from './result.ts';
import type { ArtifactTrust, TrustedKey } from './trust.ts';

/** What is verified, against what, when. */
interface Request {
  readonly artifact: NamedArtifact | SignedArtifact;
  readonly trust: ArtifactTrust;
  /** Asked where nobody vouches for the time of signing. */
  readonly now: Instant;
}

/** Who signed, and what vouches for when. */
interface Signed {
  readonly signer: ArtifactSigner;
  readonly logged: boolean;
  readonly seenAt: Instant | null;
  readonly unchecked?: true;
}

/**
 * Verifies a signature of an artifact, from the bytes of a file: a Sigstore bundle (by key or keyless), an OpenSSF model
 * signature (by key, certificate or keyless), or a bare signature as `cosign sign-blob` writes it. Never throws for what
 * is in the file.
 */
export function verifyArtifactSignature(file: Uint8Array, request: Request): ArtifactSignatureResult {
  return resultOf(() => {
    const raw = readRawSignature(file);
    return typeof raw === 'string'
      ? byBundle(raw, request)
      : { ok: true, kind: 'cosign_blob', ...byBareSignature(raw, request) };
  });
}

/** Verifies a Sigstore bundle, or an OpenSSF model signature, and nothing else. Never throws for what is in the text. */
export function verifyArtifactBundle(text: string, request: Request): ArtifactSignatureResult {
  return resultOf(() => byBundle(text, request));
}

function resultOf(verify: () => ArtifactSignatureResult): ArtifactSignatureResult {
  try {
    return verify();
  } catch (error) {
    if (error instanceof SignatureError) return { ok: false, fault: error.fault, message: error.message };
    throw error;
  }
}

function byBundle(text: string, request: Request): ArtifactSignatureResult {
  const bundle = readArtifactBundle(text);
  demandSameBytes(bundle.content, request.artifact);
  const signed = signedBy(bundle, request);
  // Only now: what a signature is about is read from bytes that are known to be signed.
  return { ok: true, kind: bindingOf(bundle.content, request), ...signed };
}

function byBareSignature(signature: Buffer, { artifact, trust, now }: Request): Signed {
  if (trust.requireTransparencyLog)
    throw new SignatureError(
      'not_logged',
      'a bare signature holds no entry of a transparency log: submit the bundle',
    );
  const keys = trust.keys.map(({ key }) => key);
  const key = keyThat(trust, blobSigner(artifact, keys, signature));
  if (key === undefined) throw noKey(trust, undefined);
  demandValid(key, now);
  return { signer: { by: 'key', keyId: key.keyId }, logged: false, seenAt: null };
}

function signedBy(bundle: ArtifactBundle, request: Request): Signed {
  const { material, logEntries } = bundle;
  const { root, authorities } = request.trust;
  if (material.kind === 'key') return byKey(bundle, material.hint, request);
  const chain = readCertificates(material.chain);
  return logEntries > 0 || (root !== undefined && authorities.length === 0)
    ? byIdentity(bundle, chain, request)
    : byCertificate(bundle, chain, request);
}

function byKey(bundle: ArtifactBundle, hint: string | undefined, request: Request): Signed {
  const { trust, now } = request;
  const { root, requireTransparencyLog } = trust;
  const keys = trust.keys.map(({ key }) => key);
  const key = keyThat(trust, signerAmong(bundle.content, keys, request));
  if (key === undefined) throw noKey(trust, hint);
  if (requireTransparencyLog && bundle.logEntries === 0)
    throw new SignatureError('not_logged', 'it holds no entry of a transparency log');
  const hasProofs = bundle.logEntries + bundle.timestamps > 0;
  const isVouched = root !== undefined && hasProofs;
  const isUnchecked = root === undefined && hasProofs;
  if (isUnchecked) demandReadable(bundle);
  const times = isVouched ? verifyProofs(bundle, root, key).times : [];
  if (times.length === 0) demandValid(key, now);
  return {
    signer: { by: 'key', keyId: key.keyId },
    logged: isVouched && bundle.logEntries > 0,
    seenAt: firstOf(times),
    ...(isUnchecked ? { unchecked: true } : {}),
  };
}

function byIdentity(bundle: ArtifactBundle, chain: readonly X509Certificate[], request: Request): Signed {
  const fits = (key: KeyObject) => signerAmong(bundle.content, [key], request) !== undefined;
  const { identity, issuer, times } = identityOf(bundle, chain, demandRoot(request), fits);
  const known = request.trust.identities.some((one) => one.identity === identity && one.issuer === issuer);
  if (!known)
    throw new SignatureError(
      'untrusted',
      `it is signed by ${printable(identity)} (${printable(issuer)}), whom identities does not list`,
    );
  return { signer: { by: 'identity', identity, issuer }, logged: true, seenAt: firstOf(times) };
}

function byCertificate(bundle: ArtifactBundle, chain: readonly X509Certificate[], request: Request): Signed {
  const { trust, now } = request;
  if (trust.requireTransparencyLog)
    throw new SignatureError('not_logged', 'it holds no entry of a transparency log');
  if (trust.authorities.length === 0) {
    throw new SignatureError(
      'untrusted',
      'it is signed by a certificate without a transparency log, and certificate_authorities names nobody who issues such',
    );
  }
  const { leaf, authority } = vouch(chain, trust.authorities, now);
  if (signerAmong(bundle.content, [leaf.publicKey], request) === undefined)
    throw new SignatureError('bad_signature', 'the signature does not fit its certificate and what it signs');
  const signer = { by: 'certificate' as const, subject: nameOf(leaf), authority: nameOf(authority) };
  return { signer, logged: false, seenAt: null };
}

function firstOf(times: readonly Date[]): Instant | null {
  if (times.length === 0) return null;
  return new Date(Math.min(...times.map((time) => time.getTime()))).toISOString();
}

/** Which of some keys the signature fits. Nothing that is signed is read for it. @throws SignatureError */
function signerAmong(
  content: SignedContent,
  keys: readonly KeyObject[],
  { artifact }: Request,
): KeyObject | undefined {
  if (content.kind === 'message') return blobSigner(artifact, keys, content.signature);
  const bytes = preAuthEncoding(content.payloadType, content.payload);
  const signer = keys.find((key) => isSignedBy(key, bytes, content.signature));
  if (signer === undefined) refuseFaultyEncoding(keys, content);
  return signer;
}

/** What a message signature says that it is over; believed only in so far as it is against it. */
function demandSameBytes(content: SignedContent, artifact: Request['artifact']): void {
  if (content.kind !== 'message') return;
  const { hash } = content;
  const digest = hash === 'sha256' ? Buffer.from(hexOf(artifact.digest), 'hex') : digestUnder(artifact, hash);
  if (digest.equals(content.digest)) return;
  throw new SignatureError(
    'other_artifact',
    `it is of other bytes, ${hash}:${content.digest.toString('hex')}`,
  );
}

/** Demands that what is signed is the artifact. A message signature was verified over its very bytes. */
function bindingOf(content: SignedContent, { artifact, trust }: Request): SignatureKind {
  if (content.kind === 'message') return 'sigstore_message';
  return demandStatementAbout(artifact, content.payloadType, content.payload, trust.predicateTypes);
}

function keyThat(trust: ArtifactTrust, key: KeyObject | undefined): TrustedKey | undefined {
  return key === undefined ? undefined : trust.keys.find((known) => known.key === key);
}

function demandValid(key: TrustedKey, now: Instant): void {
  if (key.validAt(new Date(now))) return;
  throw new SignatureError(
    'key_not_valid',
    `the key ${key.keyId} is not valid at ${now} (valid_from, valid_until)`,
  );
}

function demandRoot({ trust }: Request) {
  if (trust.root !== undefined) return trust.root;
  throw new SignatureError(
    'untrusted',
    'it is a keyless signature, and neither trusted_root nor identities says whose count',
  );
}

/** A hint proves nothing, but tells the likelier of two reasons. */
function noKey({ keys }: ArtifactTrust, hint: string | undefined): SignatureError {
  const known = hint === undefined ? undefined : keys.find(({ hints }) => hints.includes(hint));
  if (known !== undefined) {
    return new SignatureError(
      'bad_signature',
      `it names the trusted key ${known.keyId}, but the signature does not fit: the artifact or the signature was changed`,
    );
  }
  const which =
    keys.length === 1 ? `the trusted key (${keys[0]?.keyId})` : `any of the ${keys.length} trusted keys`;
  return new SignatureError('untrusted', `it is not a signature of this artifact by ${which}`);
}
