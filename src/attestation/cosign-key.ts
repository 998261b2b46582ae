import { createPrivateKey, type KeyObject, scryptSync } from 'node:crypto';
import { z } from 'zod';
import { CountersignError } from '../domain/index.ts';

/** A private key as cosign encrypts it; the second group is base64 of what `Envelope` describes. */
export const COSIGN_PEM =
  /^-----BEGIN ENCRYPTED (SIGSTORE|COSIGN) PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END ENCRYPTED \1 PRIVATE KEY-----\s*$/;

/** Most bytes that deriving a key may take: cosign's own take 64 MiB, and a hostile file asks for terabytes. */
const MOST_MEMORY = 256 * 1024 ** 2;
const KEY_BYTES = 32;

const Bytes = z.base64().transform((text) => Buffer.from(text, 'base64'));

/** What cosign writes into the PEM block, as base64 of JSON. */
const Envelope = z.object({
  kdf: z.object({
    name: z.literal('scrypt'),
    params: z.object({ N: z.int().min(2), r: z.int().min(1).max(64), p: z.int().min(1).max(16) }),
    salt: Bytes,
  }),
  cipher: z.object({ name: z.literal('nacl/secretbox'), nonce: Bytes }),
  ciphertext: Bytes,
});
type Envelope = z.infer<typeof Envelope>;

/**
 * Opens a private key that cosign encrypted (`cosign generate-key-pair`): scrypt, then NaCl's secretbox.
 *
 * @param body base64, the body of the PEM block
 * @returns null for a wrong password
 * @throws CountersignError `invalid_input` for a damaged file; nothing of it is told
 */
export async function openCosignKey(body: string, password: string): Promise<KeyObject | null> {
  const { kdf, cipher, ciphertext } = readEnvelope(body);
  const { default: nacl } = await import('tweetnacl');
  const opened =
    cipher.nonce.length === nacl.secretbox.nonceLength
      ? nacl.secretbox.open(ciphertext, cipher.nonce, derive(kdf, password))
      : null;
  return opened === null ? null : readDer(Buffer.from(opened));
}

function readEnvelope(body: string): Envelope {
  try {
    return Envelope.parse(JSON.parse(Buffer.from(body, 'base64').toString('utf8')));
  } catch {
    throw unfit('the encrypted private key is damaged, or encrypted in a way that cosign does not use');
  }
}

function derive({ params: { N, r, p }, salt }: Envelope['kdf'], password: string): Buffer {
  const memory = 128 * r * (N + p);
  if (memory > MOST_MEMORY)
    throw unfit(`decrypting the private key would take ${memory} bytes of memory: the file is not cosign's`);
  try {
    return scryptSync(password, salt, KEY_BYTES, { N, r, p, maxmem: memory + 1024 ** 2 });
  } catch {
    throw unfit('the encrypted private key asks for a derivation that there is not');
  }
}

/** PKCS#8, and in old files SEC 1. */
function readDer(key: Buffer): KeyObject {
  for (const type of ['pkcs8', 'sec1'] as const) {
    try {
      return createPrivateKey({ key, format: 'der', type });
    } catch {}
  }
  throw unfit('what is encrypted is no private key');
}

function unfit(message: string): CountersignError {
  return new CountersignError('invalid_input', message);
}
