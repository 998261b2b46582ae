import { createPublicKey, sign } from 'node:crypto';
import type { SignerName, SigningAlgorithm, TrustedSigner } from '../domain/index.ts';
import { writeBundle } from './bundle.ts';
import { keyIdOf, publicPem, readPrivateKey } from './key.ts';
import { type Checkpoint, checkpointText } from './ledger/checkpoint.ts';
import { digestFor, writeNote } from './ledger/signed-note.ts';
import { PAYLOAD_TYPE, type StatementPayload } from './payload.ts';
import { preAuthEncoding } from './pre-auth-encoding.ts';
import { demandFile, demandLedger, demandOwnKind } from './signing-right.ts';
import { createVerifier, type StatementVerifier } from './verifier.ts';

/** One of our signers: by a key of its own, which cannot be read from it, or keyless. */
export interface StatementSigner extends Pick<TrustedSigner, 'name' | 'keyId' | 'publicKey' | 'keyless'> {
  /** Believes this signer alone. */
  readonly verifier: StatementVerifier;
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
  signCheckpoint(checkpoint: Checkpoint): Promise<string>;
  /**
   * Signs a JSON file as `cosign sign-blob` does: by a key the base64 of a DER signature over its bytes, keyless a bundle.
   *
   * @throws CountersignError `forbidden` for any other signer than the ledger's, and for what is no JSON object.
   */
  signFile(bytes: Uint8Array): Promise<string>;
}

/** A verifier does not ask: windows are the judge's. */
const ALWAYS = '1970-01-01T00:00:00.000Z';

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
  const self: TrustedSigner = { name, keyId, publicKey: pem, predicates: [], validFrom: ALWAYS };
  return {
    name,
    keyId,
    publicKey: pem,
    verifier: createVerifier({ signers: [self] }),
    sign: async (payload) => {
      demandOwnKind(name, payload);
      const signed = preAuthEncoding(PAYLOAD_TYPE, payload.bytes);
      const signature = sign(digestFor(privateKey), signed, privateKey);
      return writeBundle({ keyHint: keyId, payload: payload.bytes, signature });
    },
    signCheckpoint: async (checkpoint) => {
      demandLedger(name, checkpoint);
      const text = checkpointText(checkpoint);
      const signature = sign(digestFor(privateKey), Buffer.from(text), privateKey);
      return writeNote(text, { name: checkpoint.origin, key: publicKey }, signature);
    },
    signFile: async (bytes) => {
      demandFile(name, bytes);
      return sign(digestFor(privateKey), bytes, privateKey).toString('base64');
    },
  };
}
