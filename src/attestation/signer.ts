import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { bundleToJSON } from '@sigstore/bundle';
import { DSSEBundleBuilder } from '@sigstore/sign';
import {
  CountersignError,
  type KeyId,
  SIGNS,
  type SignerName,
  type SigningAlgorithm,
} from '../domain/index.ts';
import { canonicalJson } from '../lib/index.ts';
import { hashOf, keyIdOf, publicPem, readPrivateKey } from './key.ts';
import { PAYLOAD_TYPE, type StatementPayload } from './payload.ts';

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
}

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
      return signBundle(payload.bytes, privateKey, { keyId, pem });
    },
  };
}

function demandOwnKind(name: SignerName, { kind }: StatementPayload): void {
  if (SIGNS[name].includes(kind)) return;
  const may = SIGNS[name].length === 0 ? 'nothing' : SIGNS[name].join(', ');
  throw new CountersignError('forbidden', `the signer ${name} may not sign a ${kind}; it signs ${may}`);
}

async function signBundle(
  data: Buffer,
  privateKey: KeyObject,
  { keyId, pem }: { keyId: KeyId; pem: string },
): Promise<string> {
  const signer = {
    sign: async (bytes: Buffer) => ({
      signature: sign(hashOf(privateKey), bytes, privateKey),
      key: { $case: 'publicKey' as const, publicKey: pem, hint: keyId },
    }),
  };
  const bundle = await new DSSEBundleBuilder({ signer, witnesses: [] }).create({ data, type: PAYLOAD_TYPE });
  return canonicalJson(bundleToJSON(bundle));
}
