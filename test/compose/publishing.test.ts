import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ledgerWatch } from '../../src/compose/ledger.ts';
import { openPublishing } from '../../src/compose/publishing.ts';
import { digestOf, fileArtifact } from '../../src/domain/index.ts';
import type { EvidenceFile } from '../../src/evidence/index.ts';
import { startReferrersRegistry } from '../evidence/referrers-registry.ts';
import { KEYS, startStore } from '../evidence/store.ts';
import { openConfig } from '../support/config.ts';

const PASSWORD = 'a-password-of-this-test';
const SUBJECT = { modelId: 'm', modelVersion: '1', artifact: fileArtifact(digestOf('weights')) };
const content = Buffer.from('{"a":1}');
const FILE: EvidenceFile = {
  ...{ name: 'one', content, digest: digestOf(content), bytes: content.length },
  ...{ mediaType: 'application/json', predicateType: null, createdAt: '2026-11-30T10:00:00.000Z' },
};

/** Listens on loopback; its origin, and every request that it got. */
async function listen(listener: RequestListener) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  onTestFinished(() => void server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function placeAt(host: string, more: Readonly<Record<string, unknown>> = {}) {
  const to = `oci://${host}/team/models`;
  const place = { name: 'registry', to, plain_http: true, addresses: ['127.0.0.0/8'], ...more };
  const registryAccount = { username: 'publisher', password: PASSWORD };
  const { publish, ...config } = await openConfig({ publish: { places: [place] } });
  const [opened] = openPublishing({ ...config, publish: { ...publish, registry: registryAccount } }).places;
  if (opened === undefined) throw new Error('no place');
  return opened;
}

describe('a repository that evidence is published to', () => {
  it('is published to where its registry leads to nothing else', async () => {
    await using server = await startReferrersRegistry();
    const place = await placeAt(server.host);
    await place.put(SUBJECT, FILE, null);
    expect(await place.read(SUBJECT, FILE)).toEqual(content);
  });

  it.each<[string, (elsewhere: string) => RequestListener]>([
    [
      'has uploads sent elsewhere',
      (elsewhere) =>
        ({ method }, response) =>
          void response.writeHead(method === 'POST' ? 202 : 404, { location: `${elsewhere}/upload` }).end(),
    ],
    [
      'redirects reads elsewhere',
      (elsewhere) => (_request, response) =>
        void response.writeHead(307, { location: `${elsewhere}/blob` }).end(),
    ],
    [
      'has tokens given elsewhere',
      (elsewhere) => (_request, response) =>
        void response
          .writeHead(401, { 'www-authenticate': `Bearer realm="${elsewhere}/token",service="x"` })
          .end(),
    ],
  ])('is refused where its registry %s, unless that is allowed', async (_what, listener) => {
    const elsewhere = await listen((_request, response) => void response.writeHead(418).end());
    const registry = await listen(listener(elsewhere.origin));
    const host = new URL(registry.origin).host;
    const refused = await (await placeAt(host)).put(SUBJECT, FILE, null).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'forbidden',
      message: `${elsewhere.origin} is no host that a rule allows`,
    });
    expect(elsewhere.requests).toEqual([]);
    const allowed = await placeAt(host, { also_hosts: [elsewhere.origin] });
    await expect(allowed.put(SUBJECT, FILE, null)).rejects.toThrow('418');
    expect(elsewhere.requests).toHaveLength(1);
  });

  it('is connected to at public addresses alone, unless others are allowed', async () => {
    const registry = await listen((_request, response) => void response.writeHead(404).end());
    const place = await placeAt(new URL(registry.origin).host, { addresses: [] });
    await expect(place.put(SUBJECT, FILE, null)).rejects.toMatchObject({ code: 'forbidden' });
    expect(registry.requests).toEqual([]);
  });

  it('alone has settings of a repository, and with a bucket those of a connection', async () => {
    const places = [
      { name: 'x', to: 's3://bucket', also_hosts: ['a.example'], addresses: ['10.0.0.0/8'] },
      { name: 'y', to: 'folder', plain_http: true, addresses: ['10.0.0.0/8'], ca_file: 'ca.pem' },
    ];
    await expect(openConfig({ publish: { places } })).rejects.toMatchObject({
      problems: [
        { message: expect.stringContaining('also_hosts: only a repository has it') },
        { message: expect.stringContaining('plain_http: only a repository has it') },
        { message: expect.stringContaining('addresses: only a bucket or a repository has it') },
        { message: expect.stringContaining('ca_file: only a bucket or a repository has it') },
      ],
    });
  });
});

describe('a bucket that evidence and checkpoints are published to', () => {
  /** The bucket as a place, and as a folder of the log, as a configuration opens them. */
  async function bucketAt(endpoint: string, more: Readonly<Record<string, unknown>> = {}) {
    const bucket = { to: 's3://audit/kept', endpoint, addresses: ['127.0.0.0/8'], ...more };
    const read = await openConfig({
      publish: { places: [{ name: 'bucket', ...bucket }] },
      ledger: { publish: { buckets: [bucket] } },
    });
    const config = { ...read, publish: { ...read.publish, s3: KEYS } };
    const [place] = openPublishing(config).places;
    const [log] = ledgerWatch(config).published;
    if (place === undefined || log === undefined) throw new Error('no bucket');
    return {
      put: () => place.put(SUBJECT, FILE, null),
      read: () => place.read(SUBJECT, FILE),
      writeLog: () => log.write('checkpoint', content),
      readLog: () => log.read('checkpoint'),
    };
  }

  it('keeps both, in a store at an address that is allowed', async () => {
    await using store = await startStore('audit');
    const bucket = await bucketAt(store.endpoint);
    await bucket.put();
    await bucket.writeLog();
    expect([await bucket.read(), await bucket.readLog()]).toEqual([content, content]);
  });

  it('is connected to at public addresses alone, unless others are allowed', async () => {
    const store = await listen((_request, response) => void response.writeHead(200).end());
    const { put, read, writeLog, readLog } = await bucketAt(store.origin, { addresses: [] });
    for (const use of [put, read, writeLog, readLog])
      await expect(use()).rejects.toMatchObject({
        code: 'forbidden',
        message: '127.0.0.1 is this machine, and no rule allows that',
      });
    expect(store.requests).toEqual([]);
  });

  it('is asked nowhere else, wherever its store redirects', async () => {
    const elsewhere = await listen((_request, response) => void response.writeHead(200).end());
    const store = await listen(({ url }, response) => {
      response.writeHead(307, { location: `${elsewhere.origin}${url}` });
      response.end('<Error><Code>TemporaryRedirect</Code></Error>');
    });
    const { put, read, writeLog, readLog } = await bucketAt(store.origin);
    for (const use of [put, read, writeLog, readLog])
      await expect(use()).rejects.toThrow(/was answered with 307 \(TemporaryRedirect\)$/);
    expect(elsewhere.requests).toEqual([]);
  });

  it('is asked again while its store is busy, and given up after the fourth time', async () => {
    let busy = 2;
    const store = await listen((_request, response) => {
      response.writeHead(busy-- > 0 ? 503 : 200).end('<Error><Code>SlowDown</Code></Error>');
    });
    const bucket = await bucketAt(store.origin);
    await bucket.put();
    expect(store.requests).toEqual(Array(3).fill('PUT /audit/kept/m/1/one'));
    busy = 4;
    await expect(bucket.read()).rejects.toThrow(
      'GET s3://audit/kept/m/1/one was answered with 503 (SlowDown)',
    );
    expect(store.requests).toHaveLength(7);
  });

  it('is believed by the certificates of its file, which must be there', async () => {
    const { put } = await bucketAt('https://127.0.0.1:1', { ca_file: '/no/such/ca.pem' });
    await expect(put()).rejects.toThrow('/no/such/ca.pem, which a ca_file names, cannot be read (ENOENT)');
  });
});
