import { createPublicKey, sign } from 'node:crypto';
import {
  CountersignError,
  type KeyId,
  SIGNS,
  type SignerName,
  type SigningAlgorithm,
} from '../domain/index.ts';
import { writeBundle } from './bundle.ts';
import { keyIdOf, publicPem, readPrivateKey } from './key.ts';
import { type Checkpoint, checkpointText, ORIGIN } from './ledger/checkpoint.ts';
import { digestFor, writeNote } from './ledger/signed-note.ts';
import { PAYLOAD_TYPE, type PayloadKind, type StatementPayload } from './payload.ts';
import { preAuthEncoding } from './pre-auth-encoding.ts';

/** One of our signers with its key. The key itself cannot be read from it. */
export interface StatementSigner {
  readonly name: SignerName;
  readonly keyId: KeyId;
  /** PEM SubjectPublicKeyInfo. */
  readonly publicKey: string;
  /**
   * Signs a statement that this folder built, and returns the Sigstore bundle as JSON text.
   *
   * @throws CountersignError `forbidden` for a kind that is not this signer's to sign.
   */
  sign(payload: StatementPayload): Promise<string>;
  /**
   * Signs the head of the ledger, and returns the checkpoint as a signed note.
   *
   * @throws CountersignError `forbidden` for a signer that does not speak for the ledger; `invalid_input` for an origin
   *   that is none.
   */
  signCheckpoint(checkpoint: Checkpoint): string;
  /**
   * Signs a JSON file as `cosign sign-blob` does: the base64 of a DER signature over its bytes.
   *
   * @throws CountersignError `forbidden` for any other signer than the ledger's, and for what is no JSON object.
   */
  signFile(bytes: Uint8Array): string;
}

/** Sums up what the ledger holds, for others. */
const SUMMARISES: SignerName = 'ledger';

/**
 * Makes a signer from its private key.
 *
 * @throws CountersignError `invalid_input` for anything but an unencrypted key of this kind.
 */
export function loadSigner(
  name: SignerName,
  privateKeyPem: string,
  algorithm: SigningAlgorithm = 'ecdsa_p256',
): StatementSigner {
  const privateKey = readPrivateKey(privateKeyPem, algorithm);
  const publicKey = createPublicKey(privateKey);
  const keyId = keyIdOf(publicKey);
  const pem = publicPem(publicKey);
  return {
    name,
    keyId,
    publicKey: pem,
    sign: async (payload) => {
      demandOwnKind(name, payload);
      const signed = preAuthEncoding(PAYLOAD_TYPE, payload.bytes);
      const signature = sign(digestFor(privateKey), signed, privateKey);
      return writeBundle({ keyHint: keyId, payload: payload.bytes, signature });
    },
    signCheckpoint: (checkpoint) => {
      demandLedger(name, checkpoint);
      const text = checkpointText(checkpoint);
      const signature = sign(digestFor(privateKey), Buffer.from(text), privateKey);
      return writeNote(text, { name: checkpoint.origin, key: publicKey }, signature);
    },
    signFile: (bytes) => {
      demandFile(name, bytes);
      return sign(digestFor(privateKey), bytes, privateKey).toString('base64');
    },
  };
}

/** A text that starts with an origin is no DSSE payload: that has a space in its first line, and an origin has none. */
function demandLedger(name: SignerName, { origin }: Checkpoint): void {
  if (!SIGNS[name].includes('ledger-view/v1'))
    throw new CountersignError('forbidden', `the signer ${name} may not sign a checkpoint`);
  if (!ORIGIN.test(origin))
    throw new CountersignError('invalid_input', `${JSON.stringify(origin)} is no origin of a log`);
}

function demandOwnKind(name: SignerName, { kind }: StatementPayload): void {
  const own: readonly PayloadKind[] =
    name === SUMMARISES ? [...SIGNS[name], 'verification summary'] : SIGNS[name];
  if (own.includes(kind)) return;
  const may = own.length === 0 ? 'nothing' : own.join(', ');
  throw new CountersignError('forbidden', `the signer ${name} may not sign a ${kind}; it signs ${may}`);
}

const JSON_START = '{'.charCodeAt(0);

/** Nobody may get a statement or a checkpoint signed as a file: what is signed of those starts otherwise. */
function demandFile(name: SignerName, bytes: Uint8Array): void {
  if (name !== SUMMARISES) throw new CountersignError('forbidden', `the signer ${name} signs no files`);
  if (bytes[0] !== JSON_START)
    throw new CountersignError('forbidden', 'only JSON objects are signed as files');
}
