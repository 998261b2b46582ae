import { createHash, type KeyObject, verify } from 'node:crypto';

/** Whose signature is looked for on a note: the name and the key together are an identity. */
export interface NoteKey {
  readonly name: string;
  readonly key: KeyObject;
}

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
export function signatureBy({ text, signatures }: SignedNote, by: NoteKey): 'signed' | 'absent' | 'forged' {
  const keyId = noteKeyId(by);
  const own = signatures.filter((signature) => signature.name === by.name && signature.keyId === keyId);
  if (own.length === 0) return 'absent';
  const fits = own.every(({ signature }) => verify(digestFor(by.key), Buffer.from(text), by.key, signature));
  return fits ? 'signed' : 'forged';
}

/** A note with one signature. */
export function writeNote(text: string, by: NoteKey, signature: Uint8Array): string {
  const bytes = Buffer.concat([Buffer.from(noteKeyId(by), 'hex'), signature]);
  return `${text}\n— ${by.name} ${bytes.toString('base64')}\n`;
}

/** What `crypto.sign` and `crypto.verify` are told for a key: Ed25519 has its own digest. */
export function digestFor(key: KeyObject): 'sha256' | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
}

/** Of an ECDSA key the hash of its SubjectPublicKeyInfo, of an Ed25519 key that of its name, its type and its 32 bytes. */
function noteKeyId({ name, key }: NoteKey): string {
  const spki = key.export({ type: 'spki', format: 'der' });
  const preimage =
    key.asymmetricKeyType === 'ed25519'
      ? Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), spki.subarray(-32)])
      : spki;
  return createHash('sha256').update(preimage).digest().subarray(0, KEY_ID_BYTES).toString('hex');
}
