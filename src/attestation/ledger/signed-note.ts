import { createHash, type KeyObject, verify } from 'node:crypto';
import type { KeyId } from '../../domain/index.ts';

/** Whose signature is looked for on a note: the name and the key together are an identity. */
export interface NoteKey {
  readonly name: string;
  readonly key: KeyObject;
}

/** One who signs keyless: the signature is a Sigstore bundle of version 0.3 over the text, in UTF-8. */
export interface NoteIdentity {
  readonly name: string;
  /** Of the trust policy. */
  readonly keyId: KeyId;
}

/** Whether a bundle over a text is by the identity that is looked for. */
export type VerifyNote = (text: Buffer, bundle: string) => boolean;

interface NoteSignature {
  readonly name: string;
  /** Four bytes, in hex: tells keys of one name apart, and proves nothing. */
  readonly keyId: string;
  readonly signature: Buffer;
}

/** A text with signatures (C2SP signed-note). */
export interface SignedNote {
  /** With its last newline: what the signatures are over. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The specification asks for 16 at least. */
const MOST_SIGNATURES = 64;
const MOST_CHARACTERS = 256 * 1024;
const CONTROL = /[^\P{Cc}\n]/u;
const LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
const KEY_ID_BYTES = 4;
/** The signature type of Ed25519; that of ECDSA is not part of a key's id. */
const ED25519 = 0x01;
/** For signatures that the specification gives no type: what they are follows. */
const OTHER_TYPE = 0xff;
const SIGSTORE_BUNDLE = 'countersign.dev/sigstore-bundle/v0.3';

/** Reads a note; null for what is none. Verifies nothing. */
export function parseNote(note: string): SignedNote | null {
  if (note.length > MOST_CHARACTERS || !note.isWellFormed() || CONTROL.test(note)) return null;
  const end = note.lastIndexOf('\n\n');
  if (end < 1 || !note.endsWith('\n')) return null;
  const lines = note.slice(end + 2, -1).split('\n');
  const signatures = lines.map(parseSignature);
  const isWhole = signatures.every((signature) => signature !== null);
  return isWhole && lines.length <= MOST_SIGNATURES ? { text: note.slice(0, end + 1), signatures } : null;
}

function parseSignature(line: string): NoteSignature | null {
  const [, name, base64] = LINE.exec(line) ?? [];
  if (name === undefined || base64 === undefined) return null;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length <= KEY_ID_BYTES || bytes.toString('base64') !== base64) return null;
  const keyId = bytes.subarray(0, KEY_ID_BYTES).toString('hex');
  return { name, keyId, signature: bytes.subarray(KEY_ID_BYTES) };
}

/**
 * What a key has to do with a note: `signed` it, or not (`absent`), or there is a signature in its name that does not
 * fit (`forged`), for which the whole note is to be refused.
 */
export function signatureBy(
  { text, signatures }: SignedNote,
  by: NoteKey | (NoteIdentity & { readonly verify: VerifyNote }),
): 'signed' | 'absent' | 'forged' {
  const keyId = noteKeyId(by);
  const own = signatures.filter((signature) => signature.name === by.name && signature.keyId === keyId);
  if (own.length === 0) return 'absent';
  const bytes = Buffer.from(text);
  const fits = own.every(({ signature }) =>
    'key' in by
      ? verify(digestFor(by.key), bytes, by.key, signature)
      : by.verify(bytes, signature.toString()),
  );
  return fits ? 'signed' : 'forged';
}

/** A note with one signature. */
export function writeNote(text: string, by: NoteKey | NoteIdentity, signature: Uint8Array): string {
  const bytes = Buffer.concat([Buffer.from(noteKeyId(by), 'hex'), signature]);
  return `${text}\n— ${by.name} ${bytes.toString('base64')}\n`;
}

/** What `crypto.sign` and `crypto.verify` are told for a key: Ed25519 has its own digest. */
export function digestFor(key: KeyObject): 'sha256' | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
}

function noteKeyId(by: NoteKey | NoteIdentity): string {
  const preimage =
    'key' in by
      ? keyPreimage(by)
      : typed(by.name, OTHER_TYPE, Buffer.from(`${SIGSTORE_BUNDLE}\n${by.keyId}`));
  return createHash('sha256').update(preimage).digest().subarray(0, KEY_ID_BYTES).toString('hex');
}

/** Of an ECDSA key its SubjectPublicKeyInfo, of an Ed25519 key its name, its type and its 32 bytes. */
function keyPreimage({ name, key }: NoteKey): Buffer {
  const spki = key.export({ type: 'spki', format: 'der' });
  return key.asymmetricKeyType === 'ed25519' ? typed(name, ED25519, spki.subarray(-32)) : spki;
}

function typed(name: string, type: number, key: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), key]);
}
