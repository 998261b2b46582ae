import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import { countersign, openService, type Service } from './open-service.ts';
import { runHere } from './run-here.ts';

const CHECK = 'demographic_parity_within_threshold';

let service: Service;
let env: Record<string, string>;
beforeAll(async () => {
  service = await openService({ checkVersions: new Map([[CHECK, '2']]) });
  const { open, folder } = service;
  const weights = join(folder, 'weights');
  await writeFile(weights, 'weights');
  const blobs = createBlobStore(open.blobFolder, () => 'one');
  await blobs.put(digestOf('weights'), createReadStream(weights), 100);
  await open.governance.govern({ modelId: 'fraud', modelVersion: '4.1.2', artifact: digestOf('weights') });
  env = { ...service.env, COUNTERSIGN_TOKEN: await open.token(['admin'], 'person:sam') };
});
afterAll(() => service[Symbol.asyncDispose]());

const rerun = (...args: readonly string[]) => runHere(['rerun', '--check', CHECK, ...args], env);
const SINCE = ['--since', '2026-11-23T00:00:00Z'];

describe('countersign rerun', { timeout: 60_000 }, () => {
  it('tells what it would queue, then queues it, then has nothing more to do', async () => {
    const told = await rerun(...SINCE, '--dry-run');
    expect(told.status).toBe(0);
    expect(told.stdout).toContain('1 run would be queued again');
    expect(told.stdout).toMatch(/^fraud@4\.1\.2 {2}\S+$/m);
    const done = await countersign(['rerun', '--check', CHECK, ...SINCE], env);
    expect(done.status).toBe(0);
    expect(done.stdout).toContain(`1 run queued again with ${CHECK} 2`);
    expect(done.stdout).toMatch(/^fraud@4\.1\.2 {2}\S+ {2}\S+$/m);
    const again = await rerun(...SINCE);
    expect(again.stdout).toContain('0 runs queued again');
    expect(again.stdout).toMatch(/^not fraud@4\.1\.2 \(run \S+\): run \S+ of it is under way$/m);
  });

  it('speaks JSON, and counts days back', async () => {
    const { stdout } = await rerun('--since', '365d', '--json', '--dry-run');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ check: CHECK, dryRun: true });
    expect(Date.parse(answer.since)).toBeLessThan(Date.now());
  });

  it('says everything that is wrong at once, and which scope is missing', async () => {
    const wrong = await runHere(['rerun', '--since', 'yesterday'], env);
    expect([wrong.status, wrong.stdout]).toEqual([2, '']);
    for (const place of ['--check: it is missing', '--since: "yesterday" is no time'])
      expect(wrong.stderr).toContain(place);
    const poor = await runHere(['rerun', '--check', CHECK, ...SINCE], service.env);
    expect([poor.status, poor.stderr]).toEqual([2, expect.stringContaining('admin')]);
    const unknown = await runHere(['rerun', '--check', 'nothing', ...SINCE], env);
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining(`known checks: ${CHECK}`)]);
  });
});
