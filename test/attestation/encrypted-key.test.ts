import { generateKeyPairSync, randomBytes, scryptSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nacl from 'tweetnacl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadOrCreateSigner } from '../../src/attestation/index.ts';
import { CountersignError } from '../../src/domain/index.ts';
import { keyFromPem } from './forge.ts';
import { NOW } from './said.ts';

const PASSWORD = 'correct horse battery staple';
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-encrypted-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Seals a key as `cosign generate-key-pair` does. */
function seal(
  plain: Buffer,
  change: (envelope: Record<string, Record<string, unknown>>) => void = () => {},
): string {
  const params = { N: 1024, r: 8, p: 1 };
  const [salt, nonce] = [randomBytes(32), randomBytes(24)];
  const ciphertext = nacl.secretbox(plain, nonce, scryptSync(PASSWORD, salt, 32, params));
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const envelope = {
    kdf: { name: 'scrypt', params, salt: text(salt) },
    cipher: { name: 'nacl/secretbox', nonce: text(nonce) },
    ciphertext: text(ciphertext),
  };
  change(envelope as never);
  const body = Buffer.from(JSON.stringify(envelope)).toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n${body}\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n`;
}

let count = 0;
/** Loads a key file through the door that the service uses. */
async function load(pem: string, password: string | null) {
  count += 1;
  const own = join(folder, String(count));
  await mkdir(own);
  await writeFile(join(own, 'worker.key.pem'), pem, { mode: 0o600 });
  return (await loadOrCreateSigner(own, 'worker', NOW, { password })).signer.keyId;
}

async function refusal(pem: string, password: string | null): Promise<CountersignError> {
  const error: unknown = await load(pem, password).catch((reason: unknown) => reason);
  if (error instanceof CountersignError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
const { keyId } = keyFromPem(key.export({ type: 'pkcs8', format: 'pem' }).toString());

describe('an encrypted private key', () => {
  it('opens with its password: of cosign, old and new, and of openssl', async () => {
    const golden = await readFile(join(import.meta.dirname, 'fixtures/cosign/encrypted.key'), 'utf8');
    expect(await load(golden, 'hello')).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(await load(seal(pkcs8), PASSWORD)).toBe(keyId);
    expect(await load(seal(key.export({ type: 'sec1', format: 'der' })), PASSWORD)).toBe(keyId);
    const openssl = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSWORD });
    expect(await load(openssl.toString(), PASSWORD)).toBe(keyId);
  });

  it.each<[string, () => string, string | null, RegExp]>([
    ['no password', () => seal(pkcs8), null, /COUNTERSIGN_KEY_PASSWORD/],
    ['a wrong password', () => seal(pkcs8), `${PASSWORD}x`, /the password is wrong/],
    ['an empty password', () => seal(pkcs8), '', /the password is wrong/],
    [
      'a wrong password, by openssl',
      () =>
        key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'other' }).toString(),
      PASSWORD,
      /the password is wrong/,
    ],
    [
      'a changed ciphertext',
      () => seal(pkcs8, (one) => Object.assign(one, { ciphertext: 'AAAA' })),
      PASSWORD,
      /damaged/,
    ],
    [
      'a short nonce',
      () => seal(pkcs8, (one) => Object.assign(one['cipher'] ?? {}, { nonce: 'AAAA' })),
      PASSWORD,
      /damaged/,
    ],
    [
      'another cipher',
      () => seal(pkcs8, (one) => Object.assign(one['cipher'] ?? {}, { name: 'none' })),
      PASSWORD,
      /damaged/,
    ],
    ['no JSON', () => seal(pkcs8).replace(/\n[A-Za-z0-9+/]+/, '\nAAAA'), PASSWORD, /damaged/],
    [
      'an N that is no power of two',
      () => seal(pkcs8, ({ kdf }) => Object.assign(kdf ?? {}, { params: { N: 1000, r: 8, p: 1 } })),
      PASSWORD,
      /derivation/,
    ],
    [
      'a derivation of a terabyte',
      () => seal(pkcs8, ({ kdf }) => Object.assign(kdf ?? {}, { params: { N: 2 ** 30, r: 8, p: 1 } })),
      PASSWORD,
      /bytes of memory/,
    ],
    ['something else within', () => seal(Buffer.from('a secret that is no key')), PASSWORD, /no private key/],
    [
      'a key of another kind within',
      () => seal(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' })),
      PASSWORD,
      /expected an ECDSA key/,
    ],
  ])('is refused with %s, and nothing of it is told', async (_, make, password, says) => {
    const pem = make();
    const error = await refusal(pem, password);
    expect(error.code).toBe('invalid_input');
    expect(error.message).toMatch(says);
    const told = [error.message, error.stack, String(error.cause), JSON.stringify(error)].join();
    for (const secret of [
      PASSWORD,
      'a secret that',
      ...pem.split('\n').filter((line) => line.length > 40 && !line.startsWith('-')),
    ])
      expect(told).not.toContain(secret);
  });
});
