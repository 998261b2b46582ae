import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Examined } from '../../src/cli/index.ts';
import { examineAlerts } from '../../src/compose/doctor/alerts.ts';
import { examineFetching } from '../../src/compose/doctor/fetching.ts';
import { examinePublishing } from '../../src/compose/doctor/publishing.ts';
import { examineSigning } from '../../src/compose/doctor/signing.ts';
import { createInstance, type Instance } from '../attestation/conformance/instance.ts';
import { type Services, startServices, tokenFor } from '../attestation/keyless/services.ts';
import { temporaryFolder } from '../checks/support/workspace.ts';
import { ACCOUNT, startRegistry } from '../evidence/registry.ts';
import { KEYS, startStore } from '../evidence/store.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { openConfig } from '../support/config.ts';
import { describeWithPart } from '../support/parts.ts';

const SECRET = 'a-secret-of-this-test';
const NOWHERE = 'http://127.0.0.1:1';
const LOOPBACK = ['127.0.0.0/8'];

/** One line for each thing; nothing that is said may hold a secret. */
function linesOf(examined: readonly Examined[]): string[] {
  expect(JSON.stringify(examined)).not.toContain(SECRET);
  expect(examined.every(({ outcome, fix }) => (outcome === 'ok') === (fix === null))).toBe(true);
  return examined.map(({ outcome, message }) => `${outcome}: ${message}`);
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => void server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('doctor on signing', () => {
  const NOW = '2026-11-30T10:00:00.000Z';
  const identity = (name: string) => ({
    identity: `https://id.example/${name}`,
    issuer: 'https://issuer.example',
  });
  let sigstore: Instance;
  let services: Services;
  beforeAll(async () => {
    sigstore = await createInstance(new Date(NOW));
    services = await startServices(sigstore, () => '');
  });
  beforeEach(() => services.faults.clear());
  afterAll(() => services.close());

  async function said(
    version: 1 | 2,
    { root = sigstore.trustedRoot(), url = services.url, seconds = 5 } = {},
  ) {
    const folder = await temporaryFolder();
    const file = (name: string) => join(folder, name);
    await writeFile(file('root.json'), JSON.stringify(root));
    const token = (exp: string) => tokenFor(identity(SECRET), { exp: Date.parse(exp) / 1000 });
    await writeFile(file('good'), token('2026-11-30T11:00:00Z'));
    await writeFile(file('old'), token('2026-11-30T09:00:00Z'));
    await writeFile(file('other'), SECRET);
    const keyless = Object.fromEntries(
      Object.entries({ worker: 'good', approvals: 'old', ledger: 'other', monitor: 'none' }).map(
        ([name, token]) => [name, { ...identity(name), token_file: file(token) }],
      ),
    );
    const config = await openConfig({
      signing: {
        keyless,
        sigstore: {
          ...{ trusted_root: file('root.json'), fulcio_url: url, rekor_url: url, timestamp_url: url },
          ...{ rekor_version: version, timeout_seconds: seconds },
        },
      },
    });
    return linesOf(await examineSigning(config, NOW)).map((line) =>
      line.replaceAll(folder, '…').replaceAll(url, 'URL'),
    );
  }

  it.each([1, 2] as const)(
    'tries each token, and each service, of an instance with Rekor %i',
    async (version) => {
      expect(await said(version)).toEqual([
        'ok: the signer worker has an identity token that has not expired',
        `problem: the signer approvals could not sign: the identity token in …/old expired at 2026-11-30T09:00:00.000Z, and it is ${NOW}`,
        'problem: the signer ledger could not sign: …/other holds no identity token (a JSON Web Token)',
        'problem: the signer monitor could not sign: the identity token in …/none cannot be read (ENOENT)',
        'ok: Fulcio (URL) answers',
        `ok: Rekor (URL, version ${version}) answers`,
        'ok: the timestamp authority (URL) answers',
      ]);
    },
  );

  it('tells services that answer nonsense, an error, or nothing, each by itself and in time', async () => {
    services.faults.set('/api/v2/trustBundle', 'garbage');
    services.faults.set('/api/v1/log', 503);
    services.faults.set('/api/v1/timestamp/certchain', 'silence');
    expect((await said(1, { seconds: 1 })).slice(-3)).toEqual([
      'problem: Fulcio (URL) is of no use: its answer holds no certificates',
      'problem: Rekor (URL, version 1) is of no use: it answered with status 503',
      expect.stringMatching(
        /^problem: the timestamp authority \(URL\) is of no use: .* cannot be reached: (nothing came in 1 s|it did not answer in time)$/,
      ),
    ]);
    expect((await said(2, { url: NOWHERE })).slice(-2)).toEqual([
      'problem: Rekor (URL, version 2) is of no use: 127.0.0.1:1 cannot be reached: ECONNREFUSED',
      'problem: the timestamp authority (URL) is of no use: 127.0.0.1:1 cannot be reached: ECONNREFUSED',
    ]);
  });

  it('tells a trusted root of another instance, and one without certificate logs', async () => {
    const other = (await createInstance(new Date(NOW))).trustedRoot();
    expect(await said(2, { root: { ...other, ctlogs: [] } })).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^problem: Fulcio .*: the trusted root holds none of its certificates/),
        expect.stringMatching(/^problem: the timestamp authority .*: the trusted root holds none of its/),
        expect.stringMatching(/^warning: the trusted root names no certificate log \(ctlogs\)/),
      ]),
    );
  });

  it('has nothing to try where all signers have keys', async () => {
    expect(linesOf(await examineSigning(await openConfig({}), NOW))).toEqual([
      'ok: every signer has a key of its own',
    ]);
  });
});

describe('doctor on fetching', () => {
  async function said(...sources: readonly Readonly<Record<string, unknown>>[]) {
    const config = await openConfig({ fetch: { sources } });
    return linesOf(await examineFetching(config));
  }

  it('looks at folders and at web servers, with their tokens', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'shared'));
    await writeFile(join(folder, 'token'), SECRET);
    const asked: string[] = [];
    const site = await listen(({ method, url, headers }, response) => {
      asked.push(`${method} ${url}`);
      const known = headers.authorization === `Bearer ${SECRET}`;
      response.writeHead(url === '/forbidden' ? 403 : url === '/broken' ? 502 : known ? 404 : 401).end();
    });
    const web = { addresses: LOOPBACK, token_file: join(folder, 'token') };
    const lines = await said(
      { name: 'shared', from: join(folder, 'shared') },
      { name: 'gone', from: join(folder, 'gone') },
      { name: 'web', from: `${site}/models`, ...web },
      { name: 'anonymous', from: `${site}/models`, addresses: LOOPBACK },
      { name: 'closed', from: `${site}/forbidden`, ...web },
      { name: 'broken', from: `${site}/broken`, ...web },
      { name: 'inside', from: `${site}/models` },
      { name: 'tokenless', from: `${site}/models`, ...web, token_file: join(folder, 'no-token') },
      { name: 'silent', from: `${NOWHERE}/models`, addresses: LOOPBACK },
    );
    expect(lines).toEqual([
      'ok: the source shared is a folder that can be read',
      `problem: the source gone cannot be read: ${folder}/gone is no folder that can be read (ENOENT)`,
      'ok: the source web answers; only an artifact shows whether it may be read',
      'problem: the source anonymous cannot be read: it wants other credentials than it was sent (status 401)',
      'warning: the source closed answers, and does not let us read what it begins with (status 403)',
      'problem: the source broken cannot be read: it answers with status 502',
      'problem: the source inside cannot be read: 127.0.0.1 is this machine, and no rule allows that',
      `problem: the source tokenless cannot be read: ${folder}/no-token, which fetch.sources names, cannot be read (ENOENT)`,
      'problem: the source silent cannot be read: 127.0.0.1:1 cannot be reached: ECONNREFUSED',
    ]);
    expect(new Set(asked.map((line) => line.split(' ')[0]))).toEqual(new Set(['HEAD']));
  });

  it('lists a bucket, and tells one that is not there or may not be listed', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'key'), KEYS.secretAccessKey);
    await using store = await startStore('models');
    const denied = await listen((_request, response) => {
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    });
    const keys = { access_key_id: KEYS.accessKeyId, secret_access_key_file: join(folder, 'key') };
    const bucket = { ...keys, addresses: LOOPBACK, endpoint: store.endpoint };
    expect(
      await said(
        { name: 'models', from: 's3://models/released', ...bucket },
        { name: 'none', from: 's3://no-such-bucket', ...bucket },
        { name: 'denied', from: 's3://models', ...bucket, endpoint: denied },
      ),
    ).toEqual([
      'ok: the source models answers, and lists its objects',
      'problem: the source none cannot be read: the store answers with 404 (NoSuchBucket)',
      'warning: the source denied does not let us list its objects (AccessDenied), so no folder can be fetched',
    ]);
  });

  describeWithPart('docker-registry', 'a registry', (program) => {
    it('signs in, and tells an account that it does not know', async () => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'right'), ACCOUNT.password);
      await writeFile(join(folder, 'wrong'), SECRET);
      await using registry = await startRegistry(program);
      const source = {
        from: `oci://${registry.host}/team`,
        ...{ plain_http: true, addresses: LOOPBACK, username: ACCOUNT.username },
        also_hosts: [registry.realm.replace(/\/token$/, '')],
      };
      const realm = new URL(registry.realm).host;
      expect(
        await said(
          { ...source, name: 'right', password_file: join(folder, 'right') },
          { ...source, name: 'wrong', password_file: join(folder, 'wrong') },
          { ...source, name: 'narrow', password_file: join(folder, 'right'), also_hosts: [] },
        ),
      ).toEqual([
        'ok: the source right answers, and knows the account; only an artifact shows whether it may be read',
        `problem: the source wrong cannot be read: the server of tokens at ${realm} answered with 401`,
        `problem: the source narrow cannot be read: http://${realm} is no host that a rule allows`,
      ]);
    });
  });
});

describe('doctor on publishing', () => {
  async function said(
    places: readonly Readonly<Record<string, unknown>>[],
    buckets: readonly Readonly<Record<string, unknown>>[] = [],
  ) {
    const read = await openConfig({ publish: { places }, ledger: { publish: { buckets } } });
    return linesOf(
      await examinePublishing({ ...read, publish: { ...read.publish, s3: KEYS, registry: ACCOUNT } }),
    );
  }

  it('lists buckets and looks at folders, and tells what would be in the way, changing nothing', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await using store = await startStore('audit');
    const asked = new Set<string | undefined>();
    const denied = await listen(({ method }, response) => {
      asked.add(method);
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    });
    const bucket = { to: 's3://audit/kept', endpoint: store.endpoint, addresses: LOOPBACK };
    const lines = await said(
      [
        { name: 'shared', to: folder },
        { name: 'new', to: join(folder, 'new') },
        { name: 'file', to: join(folder, 'file') },
        { name: 'bucket', ...bucket },
        { name: 'none', ...bucket, to: 's3://no-such-bucket' },
        { name: 'inside', ...bucket, addresses: [] },
        { name: 'unbelieved', ...bucket, ca_file: join(folder, 'no-ca') },
        {
          name: 'registry',
          to: `oci://${new URL(NOWHERE).host}/team`,
          plain_http: true,
          addresses: LOOPBACK,
        },
      ],
      [bucket, { ...bucket, endpoint: denied }],
    );
    expect(lines).toEqual([
      'ok: the place shared is a folder that can be read',
      'ok: the place new is made when something is published',
      `problem: the place file cannot be published to: ${folder}/file cannot be used (ENOTDIR)`,
      'ok: the place bucket answers, and lists its objects',
      'problem: the place none cannot be published to: the list of s3://no-such-bucket was answered with 404 (NoSuchBucket)',
      'problem: the place inside cannot be published to: localhost has the address 127.0.0.1, which is this machine, and no rule allows that',
      `problem: the place unbelieved cannot be published to: ${folder}/no-ca, which a ca_file names, cannot be read (ENOENT)`,
      'problem: the place registry cannot be published to: 127.0.0.1:1 cannot be reached: ECONNREFUSED',
      'ok: the bucket of checkpoints s3://audit/kept answers, and lists its objects',
      'problem: the bucket of checkpoints s3://audit/kept cannot be published to: the list of s3://audit was answered with 403 (AccessDenied): give the account the right to do so',
    ]);
    expect([...asked]).toEqual(['GET']);
    expect(await readdir(folder)).toEqual(['file']);
    expect(await said([])).toEqual(['ok: nothing is published']);
  });

  describeWithPart('docker-registry', 'a registry', (program) => {
    it('reads a repository that nobody pushed to yet, with the account', async () => {
      await using registry = await startRegistry(program);
      const place = { to: `oci://${registry.host}/team/models`, plain_http: true, addresses: LOOPBACK };
      const also_hosts = [new URL(registry.realm).origin];
      expect(
        await said([
          { name: 'wide', ...place, also_hosts },
          { name: 'narrow', ...place },
        ]),
      ).toEqual([
        'ok: the place wide answers, and lets us read its repository',
        `problem: the place narrow cannot be published to: ${also_hosts[0]} is no host that a rule allows`,
      ]);
    });
  });
});

describe('doctor on alerts', () => {
  const manager = (name: string, ...urls: string[]) => ({
    ...{ name, type: 'alertmanager', urls, allow_addresses: LOOPBACK },
  });

  async function said(...receivers: readonly Readonly<Record<string, unknown>>[]) {
    return linesOf(await examineAlerts(await openConfig({ alerts: { receivers } })));
  }

  it('asks webhooks what is no event to them, and tells what would be in the way of one', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'secret'), `whsec_${Buffer.alloc(32, 7).toString('base64')}`);
    const asked = new Set<string | undefined>();
    const site = await listen(({ method, url }, response) => {
      asked.add(method);
      response.writeHead(Number(url?.slice(1)), { location: '/elsewhere' }).end();
    });
    const hook = (name: string, url: string, more = {}) => ({
      ...{ name, type: 'webhook', url, secret_files: [join(folder, 'secret')], allow_addresses: LOOPBACK },
      ...more,
    });
    const { host } = new URL(site);
    expect(
      await said(
        hook('plain', `${site}/405`),
        hook('moved', `${site}/308`),
        hook('gone', `${site}/410`),
        hook('broken', `${site}/503`),
        hook('silent', `${NOWHERE}/${SECRET}`),
        hook('inside', `${site}/200?key=${SECRET}`, { allow_addresses: [] }),
      ),
    ).toEqual([
      `ok: the webhook plain (${host}) answers; only an event shows whether it takes one`,
      `problem: the webhook moved (${host}) answered the question what it can do with status 308: redirects are not followed`,
      `problem: the webhook gone (${host}) answered the question what it can do with status 410: it is gone for good, and no event is tried twice`,
      `warning: the webhook broken (${host}) answered the question what it can do with status 503`,
      'problem: the webhook silent (127.0.0.1:1) cannot be reached: 127.0.0.1:1 cannot be reached: ECONNREFUSED',
      `problem: the webhook inside (${host}) cannot be reached: 127.0.0.1 is this machine, and no rule allows that`,
    ]);
    expect([...asked]).toEqual(['OPTIONS']);
  });

  it('leaves receivers whose files cannot be read to what is said of the configuration', async () => {
    const login = { username: 'c', password_file: '/no/such/file' };
    expect(await said({ ...manager('ops', NOWHERE), ...login })).toEqual([]);
    expect(await said()).toEqual(['ok: nothing outside of Slack is told of findings']);
  });

  describeWithPart('alertmanager', 'a real Alertmanager', (program) => {
    it('is asked for its status, each of a cluster by itself', async () => {
      await using real = await startAlertmanager(program, `${NOWHERE}/`);
      const other = await listen((_request, response) => void response.end('{}'));
      const closed = await listen((_request, response) => void response.writeHead(401).end(SECRET));
      const hosts = [real.url, other, closed].map((url) => new URL(url).host);
      expect(await said(manager('ops', real.url, other, closed))).toEqual([
        expect.stringMatching(`^ok: the receiver ops \\(${hosts[0]}\\) is Alertmanager \\d+\\.\\d+`),
        `problem: the receiver ops (${hosts[1]}) cannot be told of anything: what answers is no Alertmanager with API v2`,
        `problem: the receiver ops (${hosts[2]}) cannot be told of anything: it answered with status 401`,
      ]);
      expect(await real.alerts()).toEqual([]);
    });
  });
});
