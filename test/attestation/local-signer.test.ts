import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSigningKey,
  createVerifier,
  loadOrCreateSigner,
  loadSigner,
  publicPath,
  readPublicSigner,
  signStatement,
} from '../../src/attestation/index.ts';
import { CountersignError, SIGNER_NAMES, SIGNS } from '../../src/domain/index.ts';
import { keyFromPem, testKey } from './forge.ts';
import { ARTIFACT, LATER, NOW, stageResult } from './said.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'countersign-keys-')), 'keys');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const keyPath = () => join(folder, 'worker.key.pem');
const load = (now = NOW) => loadOrCreateSigner(folder, 'worker', now);

async function refusal(promise: Promise<unknown>): Promise<CountersignError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof CountersignError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

describe('loadOrCreateSigner', () => {
  it('makes a key that only we may read, in a folder that only we may enter, and leaves nothing else', async () => {
    await load();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(keyPath())).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['worker.key.pem', 'worker.pub.json']);
  });

  it('gives the same key again, and the time at which it was made', async () => {
    const first = await load(NOW);
    const second = await load(LATER);
    expect(second.signer.keyId).toBe(first.signer.keyId);
    expect([first.createdAt, second.createdAt]).toEqual([NOW, NOW]);
  });

  it('makes another key for every signer', async () => {
    const all = await Promise.all(SIGNER_NAMES.map((name) => loadOrCreateSigner(folder, name, NOW)));
    expect(new Set(all.map(({ signer }) => signer.keyId)).size).toBe(SIGNER_NAMES.length);
  });

  it('writes nothing private into the public file', async () => {
    await load();
    const file = JSON.parse(await readFile(publicPath(folder, 'worker'), 'utf8'));
    const { publicPem, keyId } = keyFromPem(await readFile(keyPath(), 'utf8'));
    expect(file).toEqual({ name: 'worker', keyId, publicKey: publicPem, validFrom: NOW });
  });

  it('ends with one key where many start at once', async () => {
    const all = await Promise.all(Array.from({ length: 16 }, () => load()));
    expect(new Set(all.map(({ signer }) => signer.keyId)).size).toBe(1);
    expect((await readdir(folder)).length).toBe(2);
  });

  it('ends with one key where processes start at once', async () => {
    await mkdir(folder);
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [join(import.meta.dirname, 'local-signer-child.ts'), folder, NOW], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: {},
      }),
    );
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    for (const child of children) child.stdin.write('go\n');
    const told = await Promise.all(children.map((child) => text(child.stdout)));
    const { signer } = await load(LATER);
    expect(told.map((line) => JSON.parse(line))).toEqual(
      children.map(() => ({ keyId: signer.keyId, createdAt: NOW })),
    );
    expect((await readdir(folder)).length).toBe(2);
  });

  it('shares a key with the group of a folder of mode 2770, for reading, and with nobody else', async () => {
    await mkdir(folder);
    await chmod(folder, 0o2770);
    const { signer } = await load();
    expect((await stat(keyPath())).mode & 0o777).toBe(0o640);
    expect((await load(LATER)).signer.keyId).toBe(signer.keyId);
    for (const mode of [0o660, 0o644]) {
      await chmod(keyPath(), mode);
      expect((await refusal(load())).message).toContain(`chmod 640 ${keyPath()}`);
    }
    await chmod(keyPath(), 0o640);
    for (const mode of [0o0770, 0o2700, 0o2775]) {
      await chmod(folder, mode);
      expect((await refusal(load())).message).toContain(`chmod 600 ${keyPath()}`);
    }
  });

  it.each([0o644, 0o640, 0o604, 0o660, 0o602])(
    'refuses a key file with mode %o and says how to mend it',
    async (mode) => {
      await load();
      await chmod(keyPath(), mode);
      const error = await refusal(load());
      expect(error.code).toBe('invalid_input');
      expect(error.message).toContain(`chmod 600 ${keyPath()}`);
      await chmod(keyPath(), 0o600);
      expect((await load()).createdAt).toBe(NOW);
    },
  );

  it('takes a key that was put there, valid from when it was put', async () => {
    await mkdir(folder);
    const { privatePem, keyId } = testKey();
    await writeFile(keyPath(), privatePem, { mode: 0o600 });
    await utimes(keyPath(), new Date(NOW), new Date(NOW));
    const { signer, createdAt } = await load(LATER);
    expect([signer.keyId, createdAt]).toEqual([keyId, NOW]);
  });

  it('writes the public file again when it is gone, with the same time', async () => {
    const { signer } = await load(NOW);
    await unlink(publicPath(folder, 'worker'));
    expect(await load(LATER)).toMatchObject({ createdAt: NOW, signer: { keyId: signer.keyId } });
  });

  it('makes no new key where one is lost, and does not pass off another', async () => {
    await load();
    await rename(keyPath(), join(folder, 'kept'));
    const lost = await refusal(load());
    expect(lost.code).toBe('integrity');
    expect(lost.message).toMatch(/lost.*restore the private key/s);
    await writeFile(keyPath(), createSigningKey().privateKey, { mode: 0o600 });
    const swapped = await refusal(load());
    expect(swapped.code).toBe('integrity');
    expect(swapped.message).toContain('different keys');
    await rename(join(folder, 'kept'), keyPath());
    expect((await load()).createdAt).toBe(NOW);
  });

  it('refuses a folder where the key should be', async () => {
    await mkdir(keyPath(), { recursive: true, mode: 0o700 });
    expect((await refusal(load())).message).toContain('not a regular file');
  });
});

describe('readPublicSigner', () => {
  it('gives what a trust policy needs, without the private key', async () => {
    const { signer } = await load();
    await unlink(keyPath());
    const known = await readPublicSigner(folder, 'worker');
    expect(known).toEqual({
      name: 'worker',
      keyId: signer.keyId,
      publicKey: signer.publicKey,
      predicates: SIGNS.worker,
      validFrom: NOW,
    });
    const { bundle } = await signStatement(signer, stageResult(), ARTIFACT);
    expect(createVerifier({ signers: [known] }).verify(bundle).ok).toBe(true);
  });

  it('knows the end of a retired key', async () => {
    await load();
    const path = publicPath(folder, 'worker');
    const file = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...file, validUntil: LATER }));
    expect(await readPublicSigner(folder, 'worker')).toMatchObject({ validUntil: LATER });
  });

  it('says what to do when there is none', async () => {
    const error = await refusal(readPublicSigner(folder, 'approvals'));
    expect(error.code).toBe('not_found');
    expect(error.message).toContain(publicPath(folder, 'approvals'));
  });

  it('refuses a damaged file, naming it and the place', async () => {
    await load();
    const path = publicPath(folder, 'worker');
    const file = JSON.parse(await readFile(path, 'utf8'));
    const other = testKey();
    const cases: readonly (readonly [string, string])[] = [
      ['{', 'not JSON'],
      ['[]', 'expected object'],
      [JSON.stringify({ ...file, name: 'ledger' }), 'expected worker, found ledger'],
      [JSON.stringify({ ...file, keyId: other.keyId }), 'the id of its key is'],
      [JSON.stringify({ ...file, publicKey: other.publicPem }), 'the id of its key is'],
      [JSON.stringify({ ...file, publicKey: 'x' }), 'publicKey'],
      [JSON.stringify({ ...file, validFrom: 'yesterday' }), 'validFrom'],
      [JSON.stringify({ ...file, predicates: ['approval-decision/v1'] }), 'predicates'],
    ];
    for (const [content, place] of cases) {
      await writeFile(path, content);
      const error = await refusal(readPublicSigner(folder, 'worker'));
      expect(error.code, content).toBe('invalid_input');
      expect(error.message, content).toContain(path);
      expect(error.message, content).toContain(place);
    }
  });
});

describe('loadSigner', () => {
  it('takes what createSigningKey makes', () => {
    const { privateKey, publicKey } = createSigningKey();
    const signer = loadSigner('worker', privateKey);
    expect(signer).toMatchObject({ name: 'worker', publicKey, keyId: keyFromPem(privateKey).keyId });
    expect(createSigningKey().privateKey).not.toBe(privateKey);
  });

  it('refuses everything else and repeats none of it', () => {
    const { privatePem, publicPem } = testKey();
    const [, secret = ''] = privatePem.split('\n');
    const broken = privatePem.replace(secret, secret.split('').reverse().join(''));
    const encrypted = privatePem.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE');
    for (const pem of ['', 'no key', publicPem, broken, encrypted, secret]) {
      const error = caught(() => loadSigner('worker', pem));
      expect(error.code).toBe('invalid_input');
      const everything = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join();
      for (const line of pem
        .split('\n')
        .filter((candidate) => candidate.length > 20 && !candidate.startsWith('---')))
        expect(everything).not.toContain(line);
    }
  });

  it('shows no private key to whoever prints the signer', () => {
    const { privatePem } = testKey();
    const signer = loadSigner('worker', privatePem);
    const [, secret = ''] = privatePem.split('\n');
    expect(JSON.stringify(signer)).not.toContain(secret);
    expect(Object.keys(signer).sort()).toEqual([
      'keyId',
      'name',
      'publicKey',
      'sign',
      'signCheckpoint',
      'signFile',
      'verifier',
    ]);
  });
});

function caught(act: () => unknown): CountersignError {
  try {
    act();
  } catch (error) {
    if (error instanceof CountersignError) return error;
  }
  throw new Error('expected a CountersignError');
}
