import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadOrCreateSigner, publicPath, retiredPath, rotateKey } from '../../src/attestation/index.ts';
import { awaitPublicKeys, openSigners, ownPolicy } from '../../src/compose/keys.ts';
import { SURFACES } from '../../src/compose/surface.ts';
import { SIGNER_NAMES } from '../../src/domain/index.ts';
import { openConfig } from '../support/config.ts';

const signedAt = '2026-11-23T09:00:00.000Z';

describe('openSigners', () => {
  it('leaves public keys for the others, the same ones at every start', async () => {
    const config = await openConfig();
    const first = await openSigners(config, ['api', 'queue']);
    const files = (await readdir(config.trustDir)).sort();
    expect(files).toEqual(['ledger.pub.json', 'worker.pub.json']);
    const second = await openSigners(config, ['api', 'queue']);
    expect([...second.values()].map(({ keyId }) => keyId)).toEqual(
      [...first.values()].map(({ keyId }) => keyId),
    );
    expect((await readdir(config.trustDir)).sort()).toEqual(files);
  });

  it('refuses to replace a published key by a remade one, and says what to do', async () => {
    const config = await openConfig();
    await openSigners(config, ['queue']);
    const published = publicPath(config.trustDir, 'worker');
    const before = await readFile(published, 'utf8');
    await rm(join(config.keysDir, 'worker'), { recursive: true });
    const refused = await openSigners(config, ['queue']).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'integrity' });
    expect(String(refused)).toContain('restore the key from a backup');
    expect(String(refused)).toContain(`move ${published} away on purpose`);
    expect(await readFile(published, 'utf8')).toBe(before);
  });

  it('publishes the remade key once the old one was moved away on purpose', async () => {
    const config = await openConfig();
    await openSigners(config, ['queue']);
    const published = publicPath(config.trustDir, 'worker');
    await rm(join(config.keysDir, 'worker'), { recursive: true });
    await rename(published, join(config.dataDir, 'retired.pub.json'));
    const remade = await openSigners(config, ['queue']);
    expect(JSON.parse(await readFile(published, 'utf8'))).toMatchObject({
      keyId: remade.get('worker')?.keyId,
    });
  });

  it('refuses a published key that is damaged rather than replace it', async () => {
    const config = await openConfig();
    await mkdir(config.trustDir, { recursive: true });
    await writeFile(publicPath(config.trustDir, 'worker'), '{}');
    await expect(openSigners(config, ['queue'])).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a trust directory with a folder for each signer', () => {
  it('gets each public key there, and believes a signer by its own folder alone', async () => {
    const config = await openConfig();
    for (const name of SIGNER_NAMES) await mkdir(join(config.trustDir, name), { recursive: true });
    const signers = await openSigners(config, SURFACES);
    const own = (await ownPolicy(config)).signers.map(({ name, keyId }) => [name, keyId]);
    expect(own).toEqual(SIGNER_NAMES.map((name) => [name, signers.get(name)?.keyId]));
    // Whoever may write to the worker's folder, or beside them all, has a key there that calls itself another's.
    const made = await loadOrCreateSigner(join(config.dataDir, 'planted'), 'approvals', signedAt);
    const planted = await readFile(publicPath(join(config.dataDir, 'planted'), 'approvals'));
    for (const folder of [config.trustDir, join(config.trustDir, 'worker')])
      for (const path of [publicPath(folder, 'approvals'), retiredPath(folder, made.signer)])
        await writeFile(path, planted);
    expect((await ownPolicy(config)).signers.map(({ name, keyId }) => [name, keyId])).toEqual(own);
  });

  it('keeps retired keys there', async () => {
    const config = await openConfig();
    await mkdir(join(config.trustDir, 'worker'), { recursive: true });
    await openSigners(config, ['queue']);
    const place = {
      name: 'worker',
      folder: join(config.keysDir, 'worker'),
      keys: {},
      keyless: null,
    } as const;
    const { retired, current } = await rotateKey(
      { ...place, trustDir: config.trustDir },
      { now: signedAt, validUntil: signedAt },
    );
    expect(await readdir(config.trustDir)).toEqual(['worker']);
    const named = (await ownPolicy(config)).signers.map(({ keyId }) => keyId);
    expect(named.sort()).toEqual([retired.keyId, current.keyId].sort());
  });
});

describe('awaitPublicKeys', () => {
  // Far less than it would wait for keys that nobody leaves.
  it('stops waiting for the keys of others as soon as it is interrupted', { timeout: 5_000 }, async () => {
    const config = await openConfig();
    await openSigners(config, ['api']);
    const interruption = new AbortController();
    const waits = Promise.withResolvers<void>();
    const gathering = awaitPublicKeys(config, () => waits.resolve(), interruption.signal);
    const ended = expect(gathering).rejects.toThrow();
    await waits.promise;
    interruption.abort(new Error('enough'));
    await ended;
  });
});
