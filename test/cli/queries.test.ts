import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordPackage, readPackage } from '../../src/attestation/index.ts';
import { deploymentKey, digestOf, TrustPolicy } from '../../src/domain/index.ts';
import { keepHistory, type Run, saveDeployments } from '../../src/storage/index.ts';
import { countersign, openService, type Service } from './open-service.ts';
import { runHere } from './run-here.ts';

let service: Service;
let failed: Run;
const file = (name: string) => join(service.folder, name);
const ask = (...args: readonly string[]) => runHere(args, service.env);
const GOVERNED = digestOf('governed weights');

beforeAll(async () => {
  service = await openService();
  const { governance } = service.open;
  await governance.govern({ modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: GOVERNED });
  governance.clock.advance(1000);
  failed = await governance.submit({
    modelId: 'fraud-detection',
    modelVersion: '4.2.0',
    artifact: digestOf('biased weights'),
    outcomes: { demographic_parity_within_threshold: 'failed' },
  });
  await writeFile(file('model.onnx'), 'governed weights');
  await writeFile(file('other.onnx'), 'other weights');
});
afterAll(() => service[Symbol.asyncDispose]());

describe('countersign gate', () => {
  it('is 0 for what is governed, by file, by digest and by name', async () => {
    const byFile = await ask('gate', '--artifact', file('model.onnx'), '--environment', 'production');
    expect([byFile.status, byFile.stdout]).toEqual([
      0,
      expect.stringContaining('is governed in production: allowed'),
    ]);
    const named = await ask('gate', '--digest', GOVERNED, '--model', 'fraud-detection@4.1.2', '--json');
    expect([named.status, JSON.parse(named.stdout)]).toMatchObject([
      0,
      { allowed: true, artifact: GOVERNED },
    ]);
  });

  it('is 1 for anything else, with the reason and what would help', async () => {
    const { status, stdout } = await ask('gate', '--artifact', file('other.onnx'));
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /is ungoverned in production: not allowed[\s\S]*no_record: [\s\S]*resolve: countersign submit/,
    );
    expect((await ask('gate', '--digest', GOVERNED, '--model', 'fraud-detection@4.2.0')).status).toBe(1);
  });

  it('ends its process with those statuses', async () => {
    const statuses = await Promise.all(
      [file('model.onnx'), file('other.onnx'), file('absent.onnx')].map(
        async (artifact) => (await countersign(['gate', '--artifact', artifact], service.env)).status,
      ),
    );
    expect(statuses).toEqual([0, 1, 2]);
  });

  it('is 2, never 0, when it cannot tell', async () => {
    const faults = [
      ['gate'],
      ['gate', '--digest', GOVERNED, '--artifact', file('model.onnx')],
      ['gate', '--digest', 'latest'],
      ['gate', '--artifact', file('absent.onnx')],
      ['gate', '--digest', GOVERNED, '--environment', 'moon'],
      ['gate', '--digest', GOVERNED, '--model', 'fraud-detection'],
      ['gate', '--digest', GOVERNED, '--url', 'http://127.0.0.1:1'],
      ['gate', '--digest', GOVERNED, '--token', 'cs_wrong'],
    ];
    for (const args of faults) {
      const { status, stdout, stderr } = await ask(...args);
      expect([status, stdout], args.join(' ')).toEqual([2, '']);
      expect(stderr).toMatch(/^error: /);
    }
  });
});

describe('countersign runs', () => {
  it('show tells every stage and why one failed', async () => {
    const { status, stdout } = await ask('runs', 'show', failed.id);
    expect(status).toBe(0);
    expect(stdout).toContain(`fraud-detection@4.2.0  run ${failed.id}  failed`);
    expect(stdout).toContain('bias_and_fairness: failed');
    expect(stdout).toContain('demographic_parity_within_threshold: failed: it failed');
    expect(stdout).toContain('risk_classification: not_evaluated');
    const json = JSON.parse((await ask('runs', 'show', failed.id, '--json')).stdout);
    expect(json).toMatchObject({ run: { pipeline: failed.pipeline }, verdict: { status: 'failed' } });
  });

  it('list takes filters, as text and as JSON', async () => {
    const { stdout } = await ask('runs', 'list', '--model-id', 'fraud-detection');
    expect(stdout.split('\n').filter((line) => line.includes('fraud-detection@'))).toHaveLength(2);
    expect(stdout).toMatch(/^RUN +MODEL +ATTEMPT +STATE/);
    const json = JSON.parse((await ask('runs', 'list', '--model-version', '4.2.0', '--json')).stdout);
    expect(json.runs).toMatchObject([{ id: failed.id }]);
    const [newest, oldest] = JSON.parse((await ask('runs', 'list', '--json')).stdout).runs;
    const first = await ask('runs', 'list', '--limit', '1');
    expect([first.stdout, first.stderr]).toEqual([
      expect.stringContaining(newest.id),
      `there are more: --after ${newest.id}\n`,
    ]);
    const second = await ask('runs', 'list', '--limit', '1', '--after', newest.id);
    expect([second.stdout, second.stderr]).toEqual([expect.stringContaining(oldest.id), '']);
    const none = await ask('runs', 'list', '--model-id', 'other');
    expect([none.status, none.stderr]).toEqual([0, 'no runs\n']);
    expect((await ask('runs', 'list', '--limit', '0')).status).toBe(2);
  });

  it('an unknown run is an error', async () => {
    const { status, stderr } = await ask('runs', 'show', 'none');
    expect([status, stderr]).toEqual([2, 'error: there is no run none\n']);
  });
});

describe('countersign status', () => {
  it('shows versions with their verdicts', async () => {
    const { status, stdout } = await ask('status', 'fraud-detection');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /fraud-detection@4\.2\.0 {2}failed[\s\S]*stage_not_passed[\s\S]*fraud-detection@4\.1\.2 {2}governed/,
    );
    const one = JSON.parse((await ask('status', 'fraud-detection@4.1.2', '--json')).stdout);
    expect(one.versions).toMatchObject([{ modelVersion: '4.1.2' }]);
  });

  it('shows what was deployed at a time, and whether it was governed then', async () => {
    const { database, governance } = service.open;
    const seen = { digest: GOVERNED, confidence: 'verified', how: 'hashed', replicas: 1 } as const;
    const name = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
    const place = { source: 'list', environment: 'production', deployment: 'eu' };
    const observedAt = governance.clock.now();
    const deployment = { ...place, ...name, ...seen, observedAt, staleSince: null };
    await database.db.transaction().execute(async (tx) => {
      await saveDeployments(tx, [{ deployment, status: 'governed', basis: null }]);
      await keepHistory(tx, observedAt, [deploymentKey(deployment)]);
    });
    const then = await ask('status', 'fraud-detection', '--at', observedAt);
    expect([then.status, then.stdout]).toEqual([
      0,
      expect.stringMatching(/list\/production\/eu {2}4\.1\.2 {2}governed[\s\S]*seen since .* and still is/),
    ]);
    const before = await ask('status', 'fraud-detection@4.1.2', '--at', '2020-01-01');
    expect(before.stdout).toContain('nothing is known of that time');
    const json = JSON.parse((await ask('status', 'fraud-detection', '--at', observedAt, '--json')).stdout);
    expect(json).toMatchObject({
      at: observedAt,
      deployments: [{ key: 'list/production/eu', digest: GOVERNED }],
    });
    for (const [time, why] of [
      ['yesterday', 'is no time'],
      ['2999-01-01', 'is yet to come'],
    ] as const) {
      const wrong = await ask('status', 'fraud-detection', '--at', time);
      expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining(why)]);
    }
  });

  it('shows what was not seen of late as it was last seen, and not as governed', async () => {
    const { database, governance } = service.open;
    const now = governance.clock.now();
    const seen = { digest: GOVERNED, confidence: 'verified', how: 'hashed', replicas: 1 } as const;
    const name = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
    const place = { source: 'list', environment: 'production', deployment: 'lost' };
    const deployment = { ...place, ...name, ...seen, observedAt: now, staleSince: now };
    await database.db
      .transaction()
      .execute((tx) => saveDeployments(tx, [{ deployment, status: 'governed', basis: null }]));
    expect((await ask('status', 'fraud-detection')).stdout).toContain(
      `deployed: list/production/lost  4.1.2  not seen since ${now}, was governed  `,
    );
  });

  it('says where to look for a name that is not known', async () => {
    const { status, stderr } = await ask('status', 'nosuch');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('fix: see what was submitted with countersign runs list'),
    ]);
    const record = await ask('export', 'nosuch@9');
    expect([record.status, record.stderr]).toEqual([
      2,
      expect.stringContaining('countersign runs list --model-id nosuch --model-version 9, or submit it'),
    ]);
  });

  it.each(['unheard-of', 'Fraud Detection', 'fraud-detection@v1', '@4.1.2'])(
    '%j is an error',
    async (name) => {
      const { status, stderr } = await ask('status', name);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/^error: /)]);
    },
  );
});

describe('countersign export and trust-policy', () => {
  it('write whole files, or to standard output', async () => {
    const { status, stdout } = await ask('export', 'fraud-detection@4.1.2', '--output', file('record.json'));
    expect([status, stdout]).toEqual([
      0,
      expect.stringContaining('wrote the record of fraud-detection@4.1.2'),
    ]);
    const written = RecordPackage.parse(JSON.parse(await readFile(file('record.json'), 'utf8')));
    expect(written.artifact).toBe(GOVERNED);
    const policy = await ask('trust-policy');
    expect(TrustPolicy.parse(JSON.parse(policy.stdout))).toEqual(service.open.governance.trust.policy);
  });

  it('pack the record with the trust policy of the server', async () => {
    const { status } = await ask('export', 'fraud-detection@4.1.2', '--output', file('record.tar'));
    expect(status).toBe(0);
    const { policy } = service.open.governance.trust;
    expect(readPackage(await readFile(file('record.tar')))).toMatchObject({
      ok: true,
      value: { record: { artifact: GOVERNED }, policy: { policy, signed: null } },
    });
  });

  it('say where they cannot write, and what does not exist', async () => {
    const nowhere = file('no/such/folder/record.json');
    const { status, stderr } = await ask('export', 'fraud-detection@4.1.2', '--output', nowhere);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(`--output ${nowhere}: it cannot be written (ENOENT)`),
    ]);
    expect((await ask('export', 'fraud-detection@9.9')).stderr).toContain('there is no governance record');
    expect((await ask('export', 'fraud-detection')).stderr).toContain('no version is named');
  });
});

describe('the server', () => {
  it('is asked with the token of a file, and wants one that it knows', async () => {
    await writeFile(file('token'), `${service.token}\n`, { mode: 0o600 });
    const env = { COUNTERSIGN_URL: service.url };
    expect((await runHere(['runs', 'list', '--token-file', file('token')], env)).status).toBe(0);
    const { status, stderr } = await runHere(['runs', 'list'], env);
    expect([status, stderr]).toEqual([2, expect.stringContaining('the server wants a token that it knows')]);
    expect(stderr).toContain('countersign tokens create');
    const both = await ask('runs', 'list', '--token', 'x', '--token-file', file('token'));
    expect([both.status, both.stderr]).toEqual([2, expect.stringContaining('keep one')]);
    expect((await ask('runs', 'list', '--token-file', file('absent'))).stderr).toContain(
      'it cannot be read (ENOENT)',
    );
  });

  it.each(['ftp://host', 'host:80', 'http://user:secret@host', 'http://host/path', ''])(
    'is not at %j',
    async (url) => {
      const { status, stderr } = await ask('runs', 'list', `--url=${url}`);
      expect([status, stderr]).toEqual([2, expect.stringContaining('--url or COUNTERSIGN_URL')]);
      expect(stderr).not.toContain('secret');
    },
  );

  it('that is another, or redirects, gets no token twice', async () => {
    const seen: string[] = [];
    const other = createServer((request, response) => {
      seen.push(request.url ?? '');
      if (request.url?.startsWith('/api')) response.writeHead(302, { location: '/elsewhere' }).end();
      else response.end('<html>hello</html>');
    });
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { status, stderr } = await ask('runs', 'list', '--url', url);
    other.close();
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('does not answer like a Countersign server'),
    ]);
    expect(seen).toEqual(['/api/v1/runs?limit=50']);
  });
});
