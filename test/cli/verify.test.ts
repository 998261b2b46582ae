import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { countersign, openService, type Service } from './open-service.ts';
import { runHere } from './run-here.ts';

let service: Service;
let asOf: string;
const file = (name: string) => join(service.folder, name);

beforeAll(async () => {
  service = await openService();
  const { governance } = service.open;
  const artifact = digestOf('governed weights');
  await governance.govern({ modelId: 'fraud-detection', modelVersion: '4.1.2', artifact });
  asOf = governance.clock.now();
  await writeFile(file('model.onnx'), 'governed weights');
  await writeFile(file('swapped.onnx'), 'swapped weights');
  const commands = [
    ['export', 'fraud-detection@4.1.2', '--output', file('record.json')],
    ['trust-policy', '--output', file('trust.json')],
  ];
  for (const args of commands) expect((await runHere(args, service.env)).status).toBe(0);
});
afterAll(() => service[Symbol.asyncDispose]());

const verification = (artifact: string, ...more: readonly string[]) => [
  'verify',
  file('record.json'),
  ...['--artifact', file(artifact), '--trust', file('trust.json'), '--as-of', asOf],
  ...more,
];
/** Without server, token or any other variable. */
const verify = (artifact: string, ...more: readonly string[]) => runHere(verification(artifact, ...more));

/** Notes the address of every module that is loaded. */
const MODULE_HOOK = `import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load: (url, context, nextLoad) => {
    appendFileSync(process.env.MODULE_LOG, url + '\\n');
    return nextLoad(url, context);
  },
});
`;

describe('countersign verify', { timeout: 60_000 }, () => {
  it('passes the governed bytes, and says on what grounds', async () => {
    const { status, stdout, stderr } = await countersign(verification('model.onnx'));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('fraud-detection@4.1.2 is governed in production: allowed');
    expect(stdout).toContain(digestOf('governed weights'));
    expect(stdout).toMatch(/risk tier +high_risk/);
    expect(stdout).toMatch(
      /approvals +lea \(ml_lead\) 2026-11-23T09:00:00.000Z, cora \(compliance_officer\)/,
    );
    expect(stdout).toMatch(/as of +2026-11-23T09:00:00.000Z \(the ledger view; later events are not known\)/);
  });

  it('fails swapped bytes, and says plainly that they are others', async () => {
    const { status, stdout } = await countersign(verification('swapped.onnx'));
    expect(status).toBe(1);
    expect(stdout).toContain('not allowed');
    expect(stdout).toContain('these are not the governed bytes');
    expect(stdout).toMatch(new RegExp(`expected +${digestOf('governed weights')}`));
    expect(stdout).toMatch(new RegExp(`got +${digestOf('swapped weights')}`));
  });

  it('prints JSON for machines', async () => {
    const good = await verify('model.onnx', '--json');
    expect(JSON.parse(good.stdout)).toMatchObject({
      allowed: true,
      modelVersion: '4.1.2',
      artifact: { matches: true, got: digestOf('governed weights') },
      verdict: { status: 'governed', basis: { riskTier: 'high_risk' } },
    });
    const bad = await verify('swapped.onnx', '--json');
    expect([bad.status, JSON.parse(bad.stdout)]).toMatchObject([
      1,
      { allowed: false, artifact: { matches: false } },
    ]);
  });

  it('names what would resolve a refusal', async () => {
    const { status, stdout } = await verify('model.onnx', '--as-of', '2026-11-25T09:00:00Z');
    expect(status).toBe(1);
    expect(stdout).toContain('view_stale: the ledger view was good until 2026-11-24T09:00:00.000Z');
    expect(stdout).toContain('resolve: fetch a current ledger view: countersign export');
  });

  it('tells every faulty file at once, with status 2', async () => {
    await writeFile(file('garbled.json'), '{"format": "countersign-record/v2", "statements": [1]}');
    await mkdir(file('folder'), { recursive: true });
    const args = [
      'verify',
      file('garbled.json'),
      '--artifact',
      file('folder'),
      '--trust',
      file('absent.json'),
    ];
    const { status, stdout, stderr } = await runHere(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`the record package ${file('garbled.json')} statements.0:`);
    expect(stderr).toContain(`--trust ${file('absent.json')}: it cannot be read (ENOENT)`);
    expect(stderr).toContain(`--artifact ${file('folder')}: holds no file`);
  });

  it('reads no record that two readers could read differently', async () => {
    const twice = file('twice.json');
    const text = await readFile(file('record.json'), 'utf8');
    await writeFile(twice, text.replace('{', `{"artifact":"${digestOf('swapped weights')}",`));
    const args = verification('model.onnx').map((arg) => (arg === file('record.json') ? twice : arg));
    const { status, stderr } = await runHere(args);
    expect(status).toBe(2);
    expect(stderr).toContain('it holds the key "artifact" twice in one object');
  });

  it('verifies no more statements than a view has room for', async () => {
    const many = file('many.json');
    const record = JSON.parse(await readFile(file('record.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(many, JSON.stringify({ ...record, statements: Array(30_001).fill('x') }));
    const args = verification('model.onnx').map((arg) => (arg === file('record.json') ? many : arg));
    const { status, stderr } = await runHere(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/statements.*30000/);
  });

  it('reads no more of a device than a record may hold', async () => {
    const args = ['verify-bundle', '--bundle', '/dev/zero', '--key', file('trust.json'), digestOf('weights')];
    const { status, stderr } = await runHere(args);
    expect(status).toBe(2);
    expect(stderr).toContain('/dev/zero: it is larger than 4 MiB');
  });

  it('wants its options, and times that are times', async () => {
    const { status, stderr } = await runHere(['verify', file('record.json'), '--as-of', '2026-11-23']);
    expect(status).toBe(2);
    for (const place of [
      '--artifact: it is missing',
      '--trust: it is missing',
      '--as-of: "2026-11-23" is no time',
    ])
      expect(stderr).toContain(place);
    expect((await runHere(['verify'])).status).toBe(2);
  });

  it('does not take a trust policy whose keys are not what they say', async () => {
    const policy = JSON.parse(await readFile(file('trust.json'), 'utf8'));
    policy.signers[0].keyId = policy.signers[1].keyId;
    await writeFile(file('forged.json'), JSON.stringify(policy));
    const { status, stderr } = await verify('model.onnx', '--trust', file('forged.json'));
    expect([status, stderr]).toEqual([2, expect.stringContaining('signers[0]')]);
  });

  it('loads no server, no database, no queue and no other command', async () => {
    const log = file('modules.txt');
    await writeFile(file('hook.mjs'), MODULE_HOOK);
    const hook = pathToFileURL(file('hook.mjs')).href;
    const { status } = await countersign(
      verification('model.onnx'),
      { MODULE_LOG: log },
      { nodeArgs: ['--import', hook], program: join(import.meta.dirname, '../../src/cli/main.ts') },
    );
    expect(status).toBe(0);
    const loaded = await readFile(log, 'utf8');
    expect(loaded).toContain('/src/domain/judge/judge.ts');
    const unwanted = [
      ...['storage', 'services', 'api', 'queue', 'bot', 'monitor', 'evidence', 'checks'].map(
        (name) => `/src/${name}/`,
      ),
      ...['hono', 'pg', 'kysely', 'bullmq', 'ioredis', 'listr2', '@slack', '@duckdb'].map(
        (name) => `node_modules/${name}/`,
      ),
      ...['/src/compose.ts', '/src/cli/commands/submit.ts', '/src/cli/client/'],
    ];
    expect(unwanted.filter((part) => loaded.includes(part))).toEqual([]);
  });
});
