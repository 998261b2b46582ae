import type { KeyId, TrustedSigner } from '../../domain/index.ts';
import { readPublicKey } from '../key.ts';
import type { KeylessVerifier } from '../keyless-verifier.ts';
import { parseNote, signatureBy, type VerifyNote } from './signed-note.ts';
import type { TreeHead } from './verify-proof.ts';

/** The head of a log (C2SP tlog-checkpoint): what its signer says of its size and root. */
export interface Checkpoint extends TreeHead {
  /** Names the log: `governance.example.com/ledger`. */
  readonly origin: string;
}

/** A checkpoint, or why a note is none that counts. */
export type CheckpointResult =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly signer: TrustedSigner }
  | { readonly ok: false; readonly message: string };

/** What an origin may look like: a URL without scheme, short, and nothing that could pass for another kind of text. */
export const ORIGIN = /^[A-Za-z0-9][A-Za-z0-9._~:/-]{0,199}$/;

const SIZE = /^(?:0|[1-9]\d{0,15})$/;
const ROOT_BYTES = 32;

/** The text that is signed: origin, size and root, a line each. */
export function checkpointText({ origin, treeSize, root }: Checkpoint): string {
  return `${origin}\n${treeSize}\n${Buffer.from(root, 'hex').toString('base64')}\n`;
}

/** What a note says of a log, whoever signed it; null for a note that is no checkpoint. */
export function readCheckpoint(note: string): Checkpoint | null {
  const text = parseNote(note)?.text;
  return text === undefined ? null : parseText(text);
}

/**
 * Reads a checkpoint that one of the signers signed in the name of the log itself. Signatures of others, such as
 * witnesses, are passed over; one that does not fit refuses all.
 *
 * @param signers those that speak for the ledger, and for nothing else
 */
export function openCheckpoint(
  note: string,
  signers: readonly TrustedSigner[],
  keyless: KeylessVerifier | null = null,
): CheckpointResult {
  const parsed = parseNote(note);
  const checkpoint = parsed === null ? null : parseText(parsed.text);
  if (parsed === null || checkpoint === null) return refused('it is no checkpoint');
  const words = signers.map((signer) => {
    const by = noteSignerOf(signer, keyless);
    return { signer, word: by === null ? 'absent' : signatureBy(parsed, { name: checkpoint.origin, ...by }) };
  });
  if (words.some(({ word }) => word === 'forged')) return refused('a signature on it does not fit');
  const signed = words.find(({ word }) => word === 'signed');
  return signed === undefined
    ? refused('it is signed by nobody who speaks for the ledger')
    : { ok: true, checkpoint, signer: signed.signer };
}

/** The log must be read exactly as it is written: one spelling for each number, no line more. */
function parseText(text: string): Checkpoint | null {
  const [origin = '', size = '', base64 = '', end, ...more] = text.split('\n');
  const root = Buffer.from(base64, 'base64');
  if (origin === '' || !SIZE.test(size) || root.length !== ROOT_BYTES || end !== '' || more.length > 0)
    return null;
  const checkpoint = { origin, treeSize: Number(size), root: root.toString('hex') };
  return checkpointText(checkpoint) === text ? checkpoint : null;
}

function noteSignerOf({ publicKey, keyId }: TrustedSigner, keyless: KeylessVerifier | null) {
  if (publicKey === undefined) return keyless === null ? null : { keyId, verify: verifierOf(keyId, keyless) };
  try {
    return { key: readPublicKey(publicKey) };
  } catch {
    return null;
  }
}

function verifierOf(keyId: KeyId, keyless: KeylessVerifier): VerifyNote {
  return (text, bundle) => {
    const result = keyless.bytes(bundle, text);
    return result.ok && result.keyId === keyId;
  };
}

function refused(message: string): CheckpointResult {
  return { ok: false, message };
}
