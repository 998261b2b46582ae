import { z } from 'zod';
import { parseStrictJson } from '../../lib/index.ts';
import { SignatureError } from './result.ts';

const MAX_BYTES = 4 * 1024 * 1024;

const V03 = [
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
] as const;
const MEDIA_TYPES = [
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  ...V03,
] as const;

const Base64 = z.string().regex(/^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/, 'expected base64');
const Certificate = z.strictObject({ rawBytes: Base64 });
const Entries = z.array(z.looseObject({})).max(8);

/**
 * A Sigstore bundle of versions 0.1 to 0.3, as cosign and OpenSSF model signing write them. One content and one kind of
 * key, and no member that the format does not know.
 */
const Shape = z.strictObject({
  mediaType: z.enum(MEDIA_TYPES),
  verificationMaterial: z.strictObject({
    publicKey: z
      .strictObject({
        hint: z.string().max(512).optional(),
        rawBytes: Base64.optional(),
        keyDetails: z.string().optional(),
      })
      .optional(),
    certificate: Certificate.optional(),
    x509CertificateChain: z.strictObject({ certificates: z.array(Certificate).min(1).max(8) }).optional(),
    tlogEntries: Entries.nullish(),
    timestampVerificationData: z.strictObject({ rfc3161Timestamps: Entries.nullish() }).nullish(),
  }),
  messageSignature: z
    .strictObject({
      messageDigest: z.strictObject({
        algorithm: z.enum(['SHA2_256', 'SHA2_384', 'SHA2_512']),
        digest: Base64,
      }),
      signature: Base64,
    })
    .optional(),
  dsseEnvelope: z
    .strictObject({
      payload: Base64,
      payloadType: z.string().max(256),
      signatures: z.array(z.strictObject({ sig: Base64, keyid: z.string().max(512).nullish() })).length(1),
    })
    .optional(),
});
type Shape = z.infer<typeof Shape>;

/** What a bundle's signature is over. */
export type SignedContent =
  | {
      readonly kind: 'message';
      readonly hash: 'sha256' | 'sha384' | 'sha512';
      readonly digest: Buffer;
      readonly signature: Buffer;
    }
  | {
      readonly kind: 'dsse';
      readonly payloadType: string;
      readonly payload: Buffer;
      readonly signature: Buffer;
    };

/** By what a bundle says it is signed; nothing of it is believed before it is verified. */
export type SigningMaterial =
  | { readonly kind: 'key'; readonly hint: string | undefined }
  | { readonly kind: 'certificates'; readonly chain: readonly Buffer[] };

/** A bundle taken apart. */
export interface ArtifactBundle {
  readonly content: SignedContent;
  readonly material: SigningMaterial;
  /** Whether it carries entries of a transparency log, or timestamps. */
  readonly logEntries: number;
  readonly timestamps: number;
  readonly version03: boolean;
  /** The JSON, for the library that verifies log entries. */
  readonly json: unknown;
}

/** @throws SignatureError `malformed` */
export function readArtifactBundle(text: string): ArtifactBundle {
  if (text.length > MAX_BYTES) throw malformed('is larger than 4 MiB');
  const json = parseStrictJson('bundle', text);
  if (!json.ok) throw malformed(json.problems[0]?.message ?? 'is not JSON');
  const shape = Shape.safeParse(json.value);
  if (!shape.success) {
    const issue = shape.error.issues[0];
    throw malformed(
      `is no Sigstore bundle of version 0.1 to 0.3: ${issue?.path.join('.') || 'bundle'}: ${issue?.message}`,
    );
  }
  const { verificationMaterial: material } = shape.data;
  return {
    content: contentOf(shape.data),
    material: materialOf(shape.data),
    logEntries: material.tlogEntries?.length ?? 0,
    timestamps: material.timestampVerificationData?.rfc3161Timestamps?.length ?? 0,
    version03: (V03 as readonly string[]).includes(shape.data.mediaType),
    json: json.value,
  };
}

function contentOf({ messageSignature: message, dsseEnvelope: envelope }: Shape): SignedContent {
  if ((message === undefined) === (envelope === undefined))
    throw malformed('must hold either a messageSignature or a dsseEnvelope');
  if (message !== undefined) {
    const { algorithm, digest } = message.messageDigest;
    const hash = algorithm.replace('SHA2_', 'sha') as 'sha256' | 'sha384' | 'sha512';
    return { kind: 'message', hash, digest: bytes(digest), signature: bytes(message.signature) };
  }
  const { payload = '', payloadType = '', signatures } = envelope as NonNullable<typeof envelope>;
  return { kind: 'dsse', payloadType, payload: bytes(payload), signature: bytes(signatures[0]?.sig ?? '') };
}

function materialOf({ verificationMaterial: material }: Shape): SigningMaterial {
  const { publicKey, certificate, x509CertificateChain: chain } = material;
  const given = [publicKey, certificate, chain].filter((one) => one !== undefined);
  if (given.length !== 1) throw malformed('must hold one of publicKey, certificate and x509CertificateChain');
  if (publicKey !== undefined) return { kind: 'key', hint: publicKey.hint };
  const certificates = chain?.certificates ?? (certificate === undefined ? [] : [certificate]);
  return { kind: 'certificates', chain: certificates.map(({ rawBytes }) => bytes(rawBytes)) };
}

function bytes(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

function malformed(message: string): SignatureError {
  return new SignatureError('malformed', `the bundle ${message}`);
}
