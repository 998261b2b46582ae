import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publicPath } from '../../src/attestation/index.ts';
import { awaitPublicKeys, openSigners } from '../../src/compose/keys.ts';
import { openConfig } from '../support/config.ts';

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
