import { access, readdir, readFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadOrCreateSigner } from '../../../src/attestation/index.ts';
import type { CheckRequest, CheckRunnerOptions } from '../../../src/checks/index.ts';
import { extremes, limited, strongest } from '../support/isolation.ts';
import { misbehaving, request, survivors } from '../support/runner.ts';
import { fileOf, temporaryFolder } from '../support/workspace.ts';

const MIB = 1024 * 1024;

afterAll(async () => {
  if (process.platform === 'linux') expect(await survivors()).toEqual([]);
});

describe.each(extremes)('a check that misbehaves, isolated by %s', (kind) => {
  const run = async (
    check: string,
    parts: Partial<CheckRequest> = {},
    limits: CheckRunnerOptions['limits'] = {},
  ) => {
    const { result, isolation } = await misbehaving({
      strongest: kind,
      limits: { wallSeconds: 20, ...limits },
    }).run(request(check, parts));
    expect(isolation.kind).toBe(kind);
    expect(result).toMatchObject({ check, version: '9.9.9' });
    return result;
  };

  it('passes when it passes', async () => {
    expect(await run('passes')).toMatchObject({ outcome: 'passed', message: 'fine' });
  });

  it.each(['loops', 'waits'])('is killed at the time limit when it %s', async (check) => {
    const result = await run(check, {}, { wallSeconds: 1 });
    expect(result).toMatchObject({
      outcome: 'errored',
      message: 'the check was killed after 1 s (time limit)',
    });
  });

  it.each([
    ['aborts', /ended by SIGABRT/],
    ['exits', /ended without a result/],
    ['exits_badly', /ended with status 7/],
    ['throws', /^the check failed: no such luck$/],
    ['answers_nonsense', /gave a result that cannot be read/],
    ['answers_infinity', /gave a result that cannot be read/],
    ['answers_twice', /gave a result that cannot be read/],
    ['fills_heap', /most likely out of memory/],
  ])('is errored when it %s', async (check, message) => {
    const result = await run(check, {}, { memoryBytes: 700 * MIB });
    expect(result.outcome).toBe('errored');
    expect(result.message).toMatch(message);
  });

  it('says nothing that cannot be stored when what it throws is cut within a character', async () => {
    const { message } = await run('throws_at_length');
    expect(message).toMatch(/^the check failed: x{198}/);
    expect(message).toHaveLength('the check failed: '.length + 200);
    expect(message.isWellFormed()).toBe(true);
  });

  it('is errored when its result is larger than allowed', async () => {
    expect((await run('answers_much')).message).toMatch(/its result is larger than/);
  });

  it('may print what it likes', async () => {
    expect(await run('prints_much')).toMatchObject({ outcome: 'passed', message: 'quiet' });
  });

  it('starts no process', async () => {
    const result = await run('forks');
    expect(result.outcome).toBe('errored');
    expect(result.message).toMatch(/restricted|denied/);
  });

  it('inherits nothing of the environment', async () => {
    vi.stubEnv('SLACK_BOT_TOKEN', 'xoxb-secret');
    vi.stubEnv('NODE_OPTIONS', '');
    const { details } = await run('shows_environment');
    expect(
      Object.keys(details)
        .filter((name) => !['PWD', 'NODE_COMPILE_CACHE'].includes(name))
        .sort(),
    ).toEqual(['HOME', 'LANG', 'PATH', 'TZ']);
  });

  it('reads its own evidence and no other file', async () => {
    const folder = await temporaryFolder();
    const own = await fileOf(folder, 'own', 'my evidence');
    const other = await fileOf(folder, 'other', 'not mine');
    const evidence = new Map([
      ['data', own],
      ['unrelated', other],
    ]);
    expect((await run('reads', { evidence, parameters: { path: own.path } })).message).toBe('my evidence');
    for (const path of [other.path, '/etc/passwd', join(import.meta.dirname, '../../../biome.json')]) {
      const result = await run('reads', { evidence, parameters: { path } });
      expect(result.outcome).toBe('errored');
      expect(result.message).toMatch(/restricted|ENOENT/);
    }
  });

  it('cannot read the key of a signer, which its own process could', async () => {
    const keys = await temporaryFolder();
    await loadOrCreateSigner(keys, 'worker', new Date().toISOString());
    const path = join(keys, 'worker.key.pem');
    expect(await readFile(path, 'utf8')).toContain('PRIVATE KEY');
    for (const parameters of [{ path }, { path: `/proc/${process.pid}/root${path}` }]) {
      const result = await run('reads', { parameters });
      expect(result.outcome).toBe('errored');
      expect(JSON.stringify(result)).not.toContain('PRIVATE KEY');
    }
  });

  it('has the bytes of the artifact only where it says that it opens them', async () => {
    const artifact = await fileOf(await temporaryFolder(), 'artifact', 'the model');
    expect(await run('reads_artifact', { artifact })).toMatchObject({
      message: 'the model',
      inputs: [{ name: 'artifact', digest: artifact.digest }],
    });
    const unasked = await run('reads_artifact_unasked', { artifact });
    expect(unasked).toMatchObject({ outcome: 'errored', inputs: [] });
    expect(unasked.message).toMatch(/restricted|ENOENT/);
  });

  it.each([
    ['exits_for_artifact', 'failed', /status 7/, {}],
    ['aborts_for_artifact', 'failed', /SIGABRT/, {}],
    ['waits_for_artifact', 'failed', /time limit/, { wallSeconds: 1 }],
    ['throws_for_artifact', 'errored', /our own fault/, {}],
  ])(
    'counts a crash against the artifact where it says so, but not what it throws: %s',
    async (check, outcome, message, limits) => {
      const result = await run(check, {}, limits);
      expect(result.outcome).toBe(outcome);
      expect(result.message).toMatch(message);
    },
  );

  it('writes nothing, not even its evidence', async () => {
    const folder = await temporaryFolder();
    const own = await fileOf(folder, 'own', 'my evidence');
    for (const path of [own.path, join(folder, 'new')]) {
      const result = await run('writes', { evidence: new Map([['data', own]]), parameters: { path } });
      expect(result.outcome).toBe('errored');
    }
    expect(await readFile(own.path, 'utf8')).toBe('my evidence');
    await expect(access(join(folder, 'new'))).rejects.toThrow();
  });

  it('is not handed a link', async () => {
    const folder = await temporaryFolder();
    const own = await fileOf(folder, 'own', 'my evidence');
    await symlink(own.path, join(folder, 'link'));
    const evidence = new Map([['data', { ...own, path: join(folder, 'link') }]]);
    expect((await run('passes', { evidence })).message).toMatch(/is not a regular file/);
  });
});

describe.runIf(limited === 'prlimit')('limits on resources', () => {
  const run = async (check: string, limits: CheckRunnerOptions['limits']) =>
    (await misbehaving({ strongest: strongest, limits: { wallSeconds: 25, ...limits } }).run(request(check)))
      .result;

  it('end a loop by its processor time', async () => {
    expect((await run('loops', { cpuSeconds: 1 })).message).toMatch(
      /ended by SIGXCPU: more than 1 s of processor time/,
    );
  });

  it('keep memory outside the heap small', async () => {
    const result = await run('fills_buffers', { memoryBytes: 700 * MIB });
    expect(result.outcome).toBe('errored');
    expect(result.message).toMatch(/allocat|memory/i);
  });
});

describe.runIf(strongest === 'bubblewrap')('bubblewrap', () => {
  const connecting = async (check: string, parameters: Record<string, boolean> = {}) => {
    let connections = 0;
    const server = createServer(() => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const wish = request(check, { parameters: { port, ...parameters } });
    const { result, isolation } = await misbehaving().run(wish);
    return { message: result.message, isolation, connections };
  };

  it('leaves no network', async () => {
    const { message, isolation, connections } = await connecting('connects');
    expect(message).toMatch(/^not connected/);
    expect(isolation).toMatchObject({ network: 'none', resourceLimits: true, nodePermissions: true });
    expect(connections).toBe(0);
  });

  it('opens the network to a check that needs it by its parameters, and says so', async () => {
    const without = await connecting('connects_openly', { live: false });
    expect(without).toMatchObject({ connections: 0, isolation: { network: 'none' } });
    expect(without.message).toMatch(/^not connected/);
    const openly = await connecting('connects_openly', { live: true });
    expect(openly).toMatchObject({
      message: 'connected',
      connections: 1,
      isolation: { kind: 'bubblewrap', network: 'reachable' },
    });
    expect(openly.isolation.description).toMatch(/network can be reached/);
  });

  it('goes on without a cache of compiled code where there can be none', async () => {
    const { path } = await fileOf(await temporaryFolder(), 'file', 'no folder');
    const runner = misbehaving({ cacheFolder: join(path, 'cache') });
    const { result, isolation } = await runner.run(request('passes'));
    expect(result.outcome).toBe('passed');
    expect(isolation.kind).toBe('bubblewrap');
  });

  it('lets checks start from a cache of compiled code that they cannot change', async () => {
    const cacheFolder = join(await temporaryFolder(), 'cache');
    const runner = misbehaving({ cacheFolder });
    expect((await runner.run(request('passes'))).result.outcome).toBe('passed');
    const [version = ''] = await readdir(cacheFolder);
    const before = await readdir(join(cacheFolder, version));
    expect(before.length).toBeGreaterThan(50);
    const path = join(cacheFolder, version, before[0] ?? '');
    const written = await runner.run(request('writes', { parameters: { path } }));
    expect(written.result.message).toMatch(/EROFS|read-only/);
    expect(await readdir(join(cacheFolder, version))).toEqual(before);
  });
});
