import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadOrCreateSigner, publicPath, retiredPath, signStatement } from '../../src/attestation/index.ts';
import { openSigners } from '../../src/compose/keys.ts';
import { lookOnce } from '../../src/compose/live/watch.ts';
import { startService } from '../../src/compose/service.ts';
import { SURFACES, type Surface } from '../../src/compose/surface.ts';
import { type Composition, compose } from '../../src/compose.ts';
import { type Config, loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { digestOf, fileArtifact, type Logger } from '../../src/domain/index.ts';
import { DAY, later } from '../../src/lib/index.ts';
import { runHere } from '../cli/run-here.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let folder: string;
let config: Config;
let variables: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-live-'));
  const file = join(folder, 'countersign.yaml');
  await writeFile(file, JSON.stringify({ listen: { port: 0 }, data_dir: '.', trust_reload_seconds: 1 }));
  variables = { COUNTERSIGN_CONFIG: file, DATABASE_URL: database.connectionString };
  config = await loadConfig(file, serviceEnvironment(variables));
  await openSigners(config, SURFACES);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(...surfaces: Surface[]): Promise<Composition> {
  const composition = await compose(config, surfaces, () => {});
  onTestFinished(() => composition.close());
  return composition;
}

/** What is logged, each with its level. */
function recorder(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return { lines, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

const keys = async (...args: readonly string[]) => {
  const { status, stderr } = await runHere(['keys', ...args], variables);
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('error')]);
};

async function signedBy({ run }: Composition): Promise<string> {
  if (run === null) throw new Error('no worker');
  const artifact = fileArtifact(digestOf('bytes'));
  const body = {
    ...{ runId: 'run', modelId: 'model', modelVersion: '1', artifact, stage: 'stage' },
    ...{
      checks: [],
      pipeline: digestOf('p'),
      evidence: digestOf('e'),
      performedAt: '2026-11-23T09:00:00.000Z',
    },
  };
  const predicate = { kind: 'stage-result/v1' as const, body: { ...body, outcome: 'passed' as const } };
  return (await signStatement(run.workerSigner, predicate, artifact)).bundle;
}

describe('processes that run', { timeout: 60_000 }, () => {
  it('know a key that was rotated at their next look, before anything is signed with it', async () => {
    const [api, worker, log] = [await open('api'), await open('queue'), recorder()];
    const look = async () => {
      for (const { followed } of [worker, api]) await lookOnce(followed, log.logger);
    };
    const before = worker.run?.workerSigner.keyId;
    const accepts = async () => api.judge?.verifier.verify(await signedBy(worker)).ok;
    await keys('rotate', 'worker', '--overlap', '1h');
    await look();
    expect([worker.run?.workerSigner.keyId, await accepts()]).toEqual([before, true]);
    await look();
    expect(worker.run?.workerSigner.keyId).not.toBe(before);
    expect(await accepts()).toBe(true);
    expect(log.lines).toEqual([
      'info: the trust policy changed',
      'info: the trust policy changed',
      'info: signing with a new key',
    ]);
  });

  it('refuse a key that was revoked at their next look, and sign no more with it', async () => {
    const [api, worker, { logger }] = [await open('api'), await open('queue'), recorder()];
    const stolen = worker.run?.workerSigner.keyId ?? '';
    await keys('revoke', stolen, '--from', new Date().toISOString(), '--reason', 'stolen');
    for (const { followed } of [worker, api]) await lookOnce(followed, logger);
    const known = api.submission.trust.policy.signers.find(({ keyId }) => keyId === stolen);
    expect(known?.revoked?.reason).toBe('stolen');
    expect(worker.run?.workerSigner.keyId).not.toBe(stolen);
  });

  it.each([
    ['damaged', async (path: string) => writeFile(path, '{"name": "worker"')],
    ['gone', async (path: string) => rm(path)],
  ])('keep what they believe where a public key is %s, and say so once', async (_what, spoil) => {
    const [bot, log] = [await open('monitor'), recorder()];
    const path = publicPath(config.trustDir, 'worker');
    const [kept, before] = [await readFile(path), structuredClone(bot.submission.trust.policy)];
    await spoil(path);
    for (let look = 0; look < 3; look++) await lookOnce(bot.followed, log.logger);
    expect(bot.submission.trust.policy).toEqual(before);
    expect(log.lines).toEqual(['error: the trust policy is refused, and the one before goes on']);
    await writeFile(path, kept);
    await lookOnce(bot.followed, log.logger);
    expect(log.lines.at(-1)).toBe('info: the trust policy is in order again');
  });

  it('believe no additional key of a signer that they know, and say so', async () => {
    const [monitor, log] = [await open('monitor'), recorder()];
    const before = structuredClone(monitor.submission.trust.policy);
    const elsewhere = join(folder, 'planted');
    const { signer, createdAt } = await loadOrCreateSigner(
      elsewhere,
      'approvals',
      '2026-11-23T09:00:00.000Z',
    );
    const planted = retiredPath(config.trustDir, signer);
    const file = await readFile(publicPath(elsewhere, 'approvals'), 'utf8');
    for (const text of [
      file,
      JSON.stringify({ ...JSON.parse(file), validUntil: later(createdAt, 900 * DAY) }),
    ]) {
      await writeFile(planted, text);
      for (let look = 0; look < 2; look++) await lookOnce(monitor.followed, log.logger);
      expect(monitor.submission.trust.policy).toEqual(before);
      expect(monitor.followed.beliefs.refusal()).toContain(`${signer.keyId} of the approvals signer`);
    }
    await rm(planted);
    await lookOnce(monitor.followed, log.logger);
    expect(monitor.followed.beliefs.refusal()).toBeNull();
  });

  it('look by themselves, for as long as they run', async () => {
    const signs = Promise.withResolvers<void>();
    const { logger, lines } = recorder();
    const info = (message: string) => {
      logger.info(message);
      if (message === 'signing with a new key') signs.resolve();
    };
    const options = { surfaces: ['queue'] as const, onProgress: () => {}, logger: { ...logger, info } };
    const service = await startService(config, options);
    onTestFinished(() => service.stop());
    await keys('rotate', 'worker', '--overlap', '1h');
    await signs.promise;
    expect(lines).toContain('info: the trust policy changed');
  });
});
