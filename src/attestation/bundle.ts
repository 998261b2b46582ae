import { z } from 'zod';
import type { StatementId } from '../domain/index.ts';
import { parseStrictJson } from '../lib/index.ts';
import { PAYLOAD_TYPE, statementIdOf } from './payload.ts';
import { preAuthHead } from './pre-auth-encoding.ts';

/** A bundle of the one shape that we accept. */
export interface StatementBundle {
  /** Which key the bundle says signed it; only ever looked up, never believed. */
  readonly keyHint: string;
  /** The very bytes that the signature is over: the payload and what goes before it. */
  readonly signed: Buffer;
  /** The end of `signed`. */
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** A bundle, or why it is none, with the id of the statement within if that much could be read. */
export type BundleResult =
  | { readonly ok: true; readonly value: StatementBundle }
  | {
      readonly ok: false;
      readonly id: StatementId | null;
      readonly message: string;
      /** It holds a certificate, where this reads bundles by a key alone. */
      readonly keyless: boolean;
    };

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

/**
 * Stricter than the format: no unknown member, one content, one key. Without entries and timestamps all versions are
 * alike.
 */
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

const Keyless = z.object({ verificationMaterial: z.object({ certificate: z.unknown() }) });
const PayloadOnly = z.object({ dsseEnvelope: z.object({ payload: Base64 }) });

/** A hint of ours, in which nothing is escaped. */
const KEY_HINT = /^[A-Za-z0-9+/]{43}=$/;

/** The JSON text of a bundle of version 0.3, in canonical form. */
export function writeBundle({ keyHint, payload, signature }: Omit<StatementBundle, 'signed'>): string {
  const envelope = `{"payload":"${payload.toString('base64')}","payloadType":"${PAYLOAD_TYPE}","signatures":[{"keyid":"${keyHint}","sig":"${signature.toString('base64')}"}]}`;
  const material = `{"publicKey":{"hint":"${keyHint}"},"timestampVerificationData":{}}`;
  return `{"dsseEnvelope":${envelope},"mediaType":"${MEDIA_TYPES[3]}","verificationMaterial":${material}}`;
}

/** Reads a Sigstore bundle of one DSSE signature by a public key. Verifies nothing. */
export function readBundle(text: string): BundleResult {
  const own = readOwnForm(text);
  return own === null ? readAnyForm(text) : { ok: true, value: own };
}

/** What we wrote ourselves is known by our writing the same again; parsing it and holding it to the shape takes longer. */
function readOwnForm(text: string): StatementBundle | null {
  if (text.length > MAX_BYTES || !text.startsWith('{"dsseEnvelope":{"payload":"')) return null;
  const parts = text.split('"', 20);
  const own = unpack(parts[15] ?? '', parts[5], parts[19]);
  const isWhole = KEY_HINT.test(own.keyHint) && own.payload.length > 0 && own.signature.length > 0;
  return isWhole && writeBundle(own) === text ? own : null;
}

function readAnyForm(text: string): BundleResult {
  if (Buffer.byteLength(text) > MAX_BYTES) return unread(null, 'the bundle is larger than 8 MiB');
  const json = parseJson(text);
  if (typeof json === 'string') return unread(null, json);
  const shape = BundleShape.safeParse(json);
  if (!shape.success) return unread(json, firstProblem(shape.error));
  const { verificationMaterial, dsseEnvelope } = shape.data;
  const { hint } = verificationMaterial.publicKey;
  return { ok: true, value: unpack(hint, dsseEnvelope.payload, dsseEnvelope.signatures[0]?.sig) };
}

function unpack(keyHint: string, payload = '', signature = ''): StatementBundle {
  const bytes = Buffer.byteLength(payload, 'base64');
  const head = preAuthHead(PAYLOAD_TYPE, bytes);
  const signed = Buffer.allocUnsafe(head.length + bytes);
  signed.write(head, 'latin1');
  signed.write(payload, head.length, 'base64');
  return {
    keyHint,
    signed,
    payload: signed.subarray(head.length),
    signature: Buffer.from(signature, 'base64'),
  };
}

function unread(json: unknown, message: string): BundleResult {
  const found = PayloadOnly.safeParse(json);
  const id = found.success ? statementIdOf(Buffer.from(found.data.dsseEnvelope.payload, 'base64')) : null;
  return { ok: false, id, message, keyless: Keyless.safeParse(json).success };
}

/** An object, or why there is none. Only where a text is not the engine's own form could a key be there twice. */
function parseJson(text: string): object | string {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) return 'the bundle is not a JSON object';
    if (JSON.stringify(json) === text) return json;
  } catch {
    return 'the bundle is not JSON';
  }
  const strict = parseStrictJson('the bundle', text);
  return strict.ok ? (strict.value as object) : `the bundle ${strict.problems[0]?.message}`;
}

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined
    ? 'the bundle is malformed'
    : `${issue.path.join('.') || 'bundle'}: ${issue.message}`;
}
