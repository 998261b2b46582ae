import { type Bundle, bundleFromJSON } from '@sigstore/bundle';
import { z } from 'zod';
import type { StatementId } from '../domain/index.ts';
import { PAYLOAD_TYPE, statementIdOf } from './payload.ts';

/** A bundle of the one shape that we accept. */
export interface StatementBundle {
  readonly bundle: Bundle;
  /** Which key the bundle says signed it; only ever looked up, never believed. */
  readonly keyHint: string;
  /** The very bytes that the signature is over. */
  readonly payload: Buffer;
}

/** A bundle, or why it is none, with the id of the statement within if that much could be read. */
export type BundleResult =
  | { readonly ok: true; readonly value: StatementBundle }
  | { readonly ok: false; readonly id: StatementId | null; readonly message: string };

/** Room for a ledger view of some 30,000 statements. */
const MAX_BYTES = 8 * 1024 * 1024;

const MEDIA_TYPES = [
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
] as const;

/** Both alphabets, padded or not, as DSSE demands of those who read; nothing else between the characters. */
const Base64 = z.string().regex(/^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/, 'expected base64');

const Nothing = z.array(z.unknown()).max(0, 'expected none: log entries and timestamps are not verified');

/** What `bundleFromJSON` would let pass: other media types, unknown members, two kinds of content or key at once. */
const BundleShape = z.strictObject({
  mediaType: z.enum(MEDIA_TYPES),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: z.string().min(1).max(256) }),
    tlogEntries: Nothing.nullish(),
    timestampVerificationData: z.strictObject({ rfc3161Timestamps: Nothing.nullish() }).nullish(),
  }),
  dsseEnvelope: z.strictObject({
    payload: Base64,
    payloadType: z.literal(PAYLOAD_TYPE),
    signatures: z.array(z.strictObject({ sig: Base64, keyid: z.string().max(256).optional() })).length(1),
  }),
});

const PayloadOnly = z.object({ dsseEnvelope: z.object({ payload: Base64 }) });

/** Reads a Sigstore bundle of one DSSE signature by a public key. Verifies nothing. */
export function readBundle(text: string): BundleResult {
  if (Buffer.byteLength(text) > MAX_BYTES) return unread(null, 'the bundle is larger than 8 MiB');
  const json = parseJson(text);
  if (json === undefined) return unread(null, 'the bundle is not JSON');
  const shape = BundleShape.safeParse(json);
  if (!shape.success) return unread(json, firstProblem(shape.error));
  try {
    const bundle = bundleFromJSON(shape.data);
    const { hint } = shape.data.verificationMaterial.publicKey;
    return { ok: true, value: { bundle, keyHint: hint, payload: payloadOf(bundle) } };
  } catch {
    return unread(json, 'the bundle lacks what its media type demands');
  }
}

function payloadOf(bundle: Bundle): Buffer {
  return bundle.content.$case === 'dsseEnvelope' ? bundle.content.dsseEnvelope.payload : Buffer.alloc(0);
}

function unread(json: unknown, message: string): BundleResult {
  const found = PayloadOnly.safeParse(json);
  const id = found.success ? statementIdOf(Buffer.from(found.data.dsseEnvelope.payload, 'base64')) : null;
  return { ok: false, id, message };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined
    ? 'the bundle is malformed'
    : `${issue.path.join('.') || 'bundle'}: ${issue.message}`;
}
