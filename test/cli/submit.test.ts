import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readPackage } from '../../src/attestation/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { createBlobStore, createFileSource } from '../../src/evidence/index.ts';
import { executeFetch } from '../../src/services/index.ts';
import { listRuns } from '../../src/storage/index.ts';
import { countersign, openService, PIPELINE, type Service, start } from './open-service.ts';
import { runHere } from './run-here.ts';

let service: Service;
const file = (name: string) => join(service.folder, name);

beforeAll(async () => {
  service = await openService();
  await writeFile(file('model.onnx'), 'weights');
  await writeFile(file('card.json'), '{}');
  await writeFile(file('pipeline.yaml'), PIPELINE);
});
afterAll(() => service[Symbol.asyncDispose]());

const submission = (version: string, ...more: readonly string[]) => [
  'submit',
  ...['--model-id', 'fraud-detection', '--model-version', version],
  ...['--artifact', file('model.onnx'), '--pipeline', file('pipeline.yaml')],
  ...['--evidence', `model_card=${file('card.json')}`, '--author', 'git:sam@example.com'],
  ...more,
];

describe('countersign submit', { timeout: 90_000 }, () => {
  it('uploads, submits, and says how to follow the run', async () => {
    const { status, stdout, stderr } = await countersign(submission('1.0.0'), service.env);
    const run = await service.submitted('1.0.0');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`hashed model.onnx: ${digestOf('weights')} (7 B)`);
    expect(stdout).toContain('uploaded 2 files; the server had 0 already');
    expect(stdout).toContain(`countersign runs show ${run.id}`);
    expect(run).toMatchObject({
      artifact: { digest: digestOf('weights') },
      evidence: [{ name: 'model_card', digest: digestOf('{}') }],
      submitter: { person: 'sam' },
    });
  });

  it('has the server fetch what has a URI, and waits for that', async () => {
    const uri = `file://${service.folder}/model.onnx`;
    const wish = submission('1.4.0').flatMap((arg) => {
      if (arg === '--artifact') return ['--uri'];
      return arg === file('model.onnx') ? [uri, '--digest', digestOf('weights')] : [arg];
    });
    const running = start(wish, service.env);
    await vi.waitFor(
      async () => {
        const { db } = service.open.database;
        const row = await db.selectFrom('fetches').select('id').executeTakeFirstOrThrow();
        const sources = [createFileSource({ name: 'here', root: service.folder })];
        const blobs = createBlobStore(service.open.blobFolder, randomUUID);
        const fetching = { sources, limit: 100, patience: 10_000, signal: new AbortController().signal };
        await executeFetch({ ...service.open.governance.context, blobs, fetching }, row.id);
      },
      { timeout: 60_000 },
    );
    const { status, stdout } = await running.ended;
    expect([status, stdout]).toEqual([
      0,
      expect.stringContaining(`fetched ${uri}: ${digestOf('weights')} (7 B)`),
    ]);
    expect((await service.submitted('1.4.0')).artifact.digest).toBe(digestOf('weights'));
  });

  it('tells everything that is wrong with a URI at once', async () => {
    const args = submission('1.4.1', '--uri', 'ftp://a/b', '--digest', 'md5:1');
    const { status, stderr } = await runHere(args, service.env);
    expect(status).toBe(2);
    expect(stderr).toMatch(/--uri: the artifact is given by --artifact too/);
    expect(stderr).toMatch(/--uri: expected https/);
    expect(stderr).toMatch(/--digest: /);
  });

  it('refuses a URI with a password before anything prints it', async () => {
    const args = submission('1.4.1', '--uri', 'https://lea:hunter2@models.example/m.onnx');
    const { status, stdout, stderr } = await runHere(args, service.env);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--uri: it holds a user or password');
    expect(stderr).not.toContain('hunter2');
  });

  it('submits a directory by every file of it, under the digest that hash, gate and verify know it by', async () => {
    const folder = file('model');
    await mkdir(join(folder, 'tokenizer'), { recursive: true });
    await writeFile(join(folder, 'weights.bin'), 'weights of a directory');
    await writeFile(join(folder, 'tokenizer', 'vocabulary.txt'), 'words');
    const args = submission('1.5.0').map((arg) => (arg === file('model.onnx') ? folder : arg));
    const { status, stdout, stderr } = await countersign(args, service.env);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('uploaded vocabulary.txt (5 B)');
    const { artifact } = await service.submitted('1.5.0');
    const { stdout: hashed } = await runHere(['hash', folder, '--json'], {});
    expect(artifact).toEqual({
      kind: 'directory',
      digest: JSON.parse(hashed).digest,
      equivalents: JSON.parse(hashed).equivalents,
    });
    const gate = await runHere(['gate', '--artifact', folder, '--json'], service.env);
    expect(JSON.parse(gate.stdout)).toMatchObject({ allowed: false, artifact: artifact.digest });
  });

  it('uploads nothing twice, and gets the same run for the same submission', async () => {
    const first = JSON.parse((await countersign(submission('1.0.1', '--json'), service.env)).stdout);
    const again = await countersign(submission('1.0.1', '--json'), service.env);
    expect(again.stderr).toContain('uploaded 0 files; the server had 2 already');
    expect(JSON.parse(again.stdout)).toMatchObject({ created: false, run: { id: first.run.id } });
    const other = await countersign(submission('1.0.1', '--attempt', 'new', '--json'), service.env);
    expect(JSON.parse(other.stdout)).toMatchObject({ created: true, run: { attempt: 2 } });
  });

  it('--wait shows stages and approvals as they come, exits with 0 and writes the record', async () => {
    const output = file('record.tar');
    const running = start(submission('2.0.0', '--wait', '--output', output), service.env);
    const run = await service.submitted('2.0.0');
    await service.work(run);
    await vi.waitFor(
      () => expect(running.said()).toContain('waiting for approval by ml_lead and compliance_officer'),
      {
        timeout: 10_000,
      },
    );
    await service.open.governance.answer(run, 'lea', 'approved');
    await vi.waitFor(() => expect(running.said()).toContain('waiting for approval by compliance_officer,'), {
      timeout: 10_000,
    });
    expect(running.said()).toContain('approved by lea (ml_lead)');
    await service.open.governance.answer(run, 'cora', 'approved');
    const { status, stdout } = await running.ended;
    expect(status).toBe(0);
    expect(stdout.match(/^(\w+): passed$/gm)).toEqual([
      'model_card: passed',
      'bias_and_fairness: passed',
      'risk_classification: passed',
    ]);
    expect(stdout).toContain('fraud-detection@2.0.0 is governed in production: allowed');
    const manifests = [[{ name: 'model_card', digest: digestOf('{}') }]];
    expect(readPackage(await readFile(output))).toMatchObject({
      value: {
        record: { modelVersion: '2.0.0', artifact: digestOf('weights') },
        evidence: { mode: 'digest', manifests, documents: [] },
      },
    });
    expect((await readdir(service.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('leaves evidence that export packs, if it is what was signed', async () => {
    const output = file('inline.tar');
    const inline = ['export', 'fraud-detection@2.0.0', '--output', output, '--evidence', 'inline'];
    expect(await runHere(inline, service.env)).toMatchObject({ status: 0 });
    expect(readPackage(await readFile(output))).toMatchObject({
      value: { evidence: { mode: 'inline', documents: [Buffer.from('{}')] } },
    });
    const hex = digestOf('{}').slice('sha256:'.length);
    const stored = join(service.open.blobFolder, 'sha256', hex.slice(0, 2), hex);
    await chmod(stored, 0o600);
    await writeFile(stored, '[]');
    const altered = await runHere(inline, service.env);
    await writeFile(stored, '{}');
    expect([altered.status, altered.stderr]).toEqual([
      2,
      expect.stringMatching(
        /the evidence model_card of run \S+ is not what was signed: expected sha256:44136f/,
      ),
    ]);
    const wrong = await runHere(['export', 'a@1', '--evidence', 'none', '--output', 'a.json'], service.env);
    expect(wrong.stderr).toContain('--evidence: "none" is neither inline nor digest');
    expect(wrong.stderr).toContain('--evidence: only a package holds it');
  });

  it('--wait exits with 1 when a stage fails, and says on what', async () => {
    const output = file('failed-record.json');
    const running = start(submission('2.0.1', '--wait', '--output', output), service.env);
    await service.work(await service.submitted('2.0.1'), { demographic_parity_within_threshold: 'failed' });
    const { status, stdout, stderr } = await running.ended;
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^bias_and_fairness: failed\n {2}demographic_parity_within_threshold: failed: it failed\n {4}predictions: age_band 18-25: 0.61 \(retrain\)$/m,
    );
    expect(stdout).toContain('fraud-detection@2.0.1 is failed in production: not allowed');
    expect(stdout).toContain('resolve:');
    expect(stderr).toContain(`no record to write to ${output}`);
    await expect(stat(output)).rejects.toThrow('ENOENT');
  });

  it('--wait exits with 1 when somebody rejects', async () => {
    const running = start(submission('2.0.2', '--wait', '--json'), service.env);
    const run = await service.submitted('2.0.2');
    await service.work(run);
    await service.open.governance.answer(run, 'lea', 'rejected');
    const { status, stdout, stderr } = await running.ended;
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      run: { state: 'failed' },
      verdict: { status: 'rejected', allowed: false },
    });
    expect(stderr).toContain('rejected by lea (ml_lead)');
  });

  it('--wait exits with 3 when the time is up', async () => {
    const { status, stdout, stderr } = await countersign(
      submission('2.0.3', '--wait', '--timeout', '1s'),
      service.env,
    );
    expect(status).toBe(3);
    expect(stdout).not.toContain('no more news');
    expect(stderr).toContain('still pending after 1s; look again: countersign runs show');
  });

  it('--wait on a new attempt is not content with an older run', async () => {
    const args = submission('2.0.0', '--attempt', 'new', '--wait', '--timeout', '2s');
    expect((await countersign(args, service.env)).status).toBe(3);
  });

  it('--wait outlasts a server that goes away', async () => {
    await using second = await openService();
    const running = start(submission('3.0.0', '--wait'), second.env);
    const run = await second.submitted('3.0.0');
    await vi.waitFor(() => expect(running.said()).toContain('is queued'), { timeout: 30_000 });
    await second.pause();
    await vi.waitFor(() => expect(running.said()).toContain('trying again'), { timeout: 30_000 });
    await second.work(run, {}, 'minimal_risk');
    await second.resume();
    const { status, stderr, stdout } = await running.ended;
    expect(stderr).toContain('the server is there again');
    expect([status, stdout]).toEqual([0, expect.stringContaining('governed in production')]);
  });
});

describe('what is wrong with a submission', { timeout: 90_000 }, () => {
  it('is told all at once, before anything is sent', async () => {
    await symlink(file('model.onnx'), file('link.onnx'));
    await writeFile(file('broken.yaml'), 'stages:\n  - name: Model Card\n');
    await writeFile(file('list.yaml'), 'contract: card.json\npredictions: missing.parquet\n');
    await writeFile(file('bad-list.yaml'), 'card: 3\nmodel_card: [a.json]\n');
    const args = [
      'submit',
      ...['--model-id', '../etc', '--artifact', file('no-model.onnx'), '--pipeline', file('broken.yaml')],
      ...['--evidence', 'model_card', '--evidence', `card=${file('absent.json')}`],
      ...['--evidence', `link=${file('link.onnx')}`, '--evidence', `card=${file('card.json')}`],
      ...['--evidence-list', file('list.yaml'), '--evidence-list', file('no-list.yaml')],
      ...[
        '--evidence-list',
        file('bad-list.yaml'),
        '--author',
        'dana',
        '--trained-at',
        'yesterday',
        '--code-digest',
        'sha256:1',
      ],
      ...['--evidence', `weird/../name=${file('card.json')}`, '--evidence', `__proto__=${file('card.json')}`],
      ...['--attempt', 'third', '--timeout', '1 hour', '--output', file('record.json')],
      ...['--environment', 'staging', '--ci-url', 'http://ci.example/42'],
    ];
    const { status, stdout, stderr } = await runHere(args, {
      ...service.env,
      COUNTERSIGN_URL: 'http://127.0.0.1:1',
    });
    expect([status, stdout]).toEqual([2, '']);
    for (const place of [
      '--model-id: expected 1 to 128',
      '--model-version: it is missing',
      `--artifact ${file('no-model.onnx')}: it does not exist`,
      `--pipeline ${file('broken.yaml')}:2:11: stages[0].name: expected snake_case`,
      '--evidence model_card: expected name=path',
      `--evidence card ${file('absent.json')}: it does not exist`,
      `--evidence card=${file('card.json')}: card is given twice`,
      `--evidence predictions ${file('missing.parquet')}: it does not exist`,
      `--evidence-list ${file('no-list.yaml')}: it does not exist`,
      `--evidence-list ${file('bad-list.yaml')}:1:7: card: `,
      `--evidence-list ${file('bad-list.yaml')}:2:13: model_card: `,
      'fix: keep one',
      '"weird/../name" is no name: expected a lower-case letter',
      '"__proto__" is no name: expected a lower-case letter',
      '--environment: without --wait there is no verdict yet',
      `--evidence link ${file('link.onnx')}: it is a symbolic link`,
      '--author dana: expected git:',
      '--trained-at: "yesterday" is no time',
      '--code-digest: expected sha256:',
      '--ci-url: expected an address that begins with https://',
      '--attempt: "third" is neither same nor new',
      '--timeout: "1 hour" is no time',
      '--output: without --wait there is no record yet',
    ])
      expect(stderr).toContain(place);
    expect(stderr).not.toContain('cannot reach');
  });

  it('is an empty artifact, or a record that could not be written', async () => {
    await writeFile(file('empty.onnx'), '');
    const nowhere = file('no-folder/record.json');
    const args = [
      ...submission('4.0.2', '--wait', '--output'),
      ...[nowhere, '--artifact', file('empty.onnx')],
    ];
    const { status, stdout, stderr } = await runHere(args, service.env);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`--artifact ${file('empty.onnx')}: it is empty (0 bytes)`);
    expect(stderr).toContain(`--output ${nowhere}: it cannot be written (ENOENT)`);
    const onto = await runHere(submission('4.0.2', '--wait', '--output', service.folder), service.env);
    expect(onto.stderr).toContain(`--output ${service.folder}: it is a directory`);
    const under = join(file('card.json'), 'record.json');
    const inFile = await runHere(submission('4.0.2', '--wait', '--output', under), service.env);
    expect(inFile.stderr).toContain(`--output ${under}: it cannot be written (ENOTDIR)`);
  });

  it('is an environment that the server does not have, before anything is sent', async () => {
    const args = submission('4.0.3', '--wait', '--environment', 'moon');
    const { status, stdout, stderr } = await runHere(args, service.env);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('expected one of production');
    expect(await listRuns(service.open.database.db, { modelVersion: '4.0.3' })).toEqual([]);
    const known = submission('4.0.4', '--wait', '--environment', 'production', '--timeout', '1s');
    expect((await runHere(known, service.env)).status).toBe(3);
  });

  it('on the server is told with its remedy', async () => {
    await writeFile(file('other.yaml'), PIPELINE.replace('90', '30'));
    const args = submission('4.0.0');
    args[args.indexOf(file('pipeline.yaml'))] = file('other.yaml');
    const { status, stderr } = await runHere(args, service.env);
    expect(status).toBe(2);
    expect(stderr).toMatch(/error: pipeline sha256:\w+ is not registered|error: .*pipeline/);
    expect(stderr).toContain('fix: submit with a pipeline file whose bytes are registered');
    expect(await listRuns(service.open.database.db, { modelVersion: '4.0.0' })).toEqual([]);
  });

  it('is an unknown option, and a token that may not submit', async () => {
    const unknown = await runHere(submission('4.0.1', '--artefact', 'x'), service.env);
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining("unknown option '--artefact'"),
    ]);
    const token = await service.open.token(['read']);
    const { status, stderr } = await runHere(submission('4.0.1'), {
      ...service.env,
      COUNTERSIGN_TOKEN: token,
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('the token lacks the scope "submit"')]);
    expect(stderr).not.toContain(token);
  });
});
