import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Encrypts a key as `openssl pkcs8 -topk8` does. */
const seal = (what = key) =>
  what.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSWORD }).toString();

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

const { keyId } = keyFromPem(key.export({ type: 'pkcs8', format: 'pem' }).toString());

describe('an encrypted private key', () => {
  it('opens with its password', async () => {
    expect(await load(seal(), PASSWORD)).toBe(keyId);
  });

  it.each<[string, () => string, string | null, RegExp]>([
    ['no password', seal, null, /COUNTERSIGN_KEY_PASSWORD/],
    ['a wrong password', seal, `${PASSWORD}x`, /the password is wrong/],
    ['an empty password', seal, '', /the password is wrong/],
    ['a damaged text', () => seal().replace(/\n[A-Za-z0-9+/]{8}/, '\nAAAAAAAA'), PASSWORD, /damaged/],
    ['a key of another kind', () => seal(generateKeyPairSync('ed25519').privateKey), PASSWORD, /ECDSA key/],
  ])('is refused with %s, and nothing of it is told', async (_, make, password, says) => {
    const pem = make();
    const error = await refusal(pem, password);
    expect(error.code).toBe('invalid_input');
    expect(error.message).toMatch(says);
    const told = [error.message, error.stack, String(error.cause), JSON.stringify(error)].join();
    for (const secret of [PASSWORD, ...pem.split('\n').filter((line) => line.length > 40)])
      expect(told).not.toContain(secret);
  });
});
