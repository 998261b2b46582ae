import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import { inputReports } from '../../src/storage/index.ts';
import { PIPELINE } from '../support/governed-artifact.ts';
import { openService, type Service } from './open-service.ts';
import { runHere } from './run-here.ts';

const NAME = { modelId: 'fraud', modelVersion: '4.1.2' };
const INPUTS = { code: digestOf('code'), data: digestOf('data'), config: digestOf('config') };

let service: Service;
let env: Record<string, string>;
beforeAll(async () => {
  service = await openService();
  const { open, folder } = service;
  await writeFile(join(folder, 'weights'), 'weights');
  await writeFile(join(folder, 'pipeline.yaml'), PIPELINE);
  const blobs = createBlobStore(open.blobFolder, () => 'one');
  await blobs.put(digestOf('weights'), createReadStream(join(folder, 'weights')), 100);
  await open.governance.govern({ ...NAME, artifact: digestOf('weights'), inputs: INPUTS });
  env = { ...service.env, COUNTERSIGN_TOKEN: await open.token(['submit'], 'ci:build') };
});
afterAll(() => service[Symbol.asyncDispose]());

const reportAs = (
  who: Record<string, string>,
  changes: Partial<typeof INPUTS> = {},
  ...more: readonly string[]
) => {
  const { code, data, config } = { ...INPUTS, ...changes };
  const digests = ['--code-digest', code, '--data-digest', data, '--config-digest', config];
  const pipeline = ['--pipeline', join(service.folder, 'pipeline.yaml')];
  return runHere(['report-inputs', 'fraud@4.1.2', ...digests, ...pipeline, ...more], who);
};

describe('countersign report-inputs', { timeout: 60_000 }, () => {
  it('keeps what CI reports, and says what changed', async () => {
    const { stdout, status } = await reportAs(env);
    expect([status, stdout]).toEqual([0, expect.stringContaining('fraud@4.1.2: unchanged')]);
    const changed = JSON.parse((await reportAs(env, { data: digestOf('more data') }, '--json')).stdout);
    expect(changed).toMatchObject({ ...NAME, changed: ['data'], unknown: [] });
    const kept = await inputReports(service.open.database.db, NAME, digestOf('weights'));
    expect(kept).toMatchObject([
      { reporter: { subject: 'ci:build' }, digests: { ...INPUTS, data: digestOf('more data') } },
    ]);
  });

  it('is for the CI that submitted the version, and says everything that is wrong', async () => {
    const args = ['report-inputs', 'fraud@4.1.2', '--code-digest', 'sha1:beef', '--data-digest', INPUTS.data];
    const wrong = await runHere(args, env);
    expect([wrong.status, wrong.stdout]).toEqual([2, '']);
    for (const place of ['--code-digest', '--config-digest: it is missing', '--pipeline: it is missing'])
      expect(wrong.stderr).toContain(place);
    const person = { ...env, COUNTERSIGN_TOKEN: await service.open.token(['submit'], 'person:sam') };
    const refused = await reportAs(person);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('submitted by ci:build')]);
    const unknown = await runHere(['report-inputs', 'fraud@9', ...args.slice(4)], env);
    expect(unknown.status).toBe(2);
  });
});

describe('countersign renew', { timeout: 60_000 }, () => {
  it('queues one run of what was submitted, however often it is asked', async () => {
    const first = await runHere(['renew', 'fraud@4.1.2'], env);
    expect([first.status, first.stdout]).toEqual([0, expect.stringMatching(/run \S+ is queued/)]);
    const again = JSON.parse((await runHere(['renew', 'fraud@4.1.2', '--json'], env)).stdout);
    expect(again).toMatchObject({ ...NAME, artifact: digestOf('weights'), created: false });
    expect(first.stdout).toContain(again.runId);
    const unknown = await runHere(['renew', 'fraud@9.9.9'], env);
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('there is no governance record of fraud@9.9.9'),
    ]);
  });
});
