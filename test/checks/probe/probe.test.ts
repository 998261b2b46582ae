import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createCheckRunner } from '../../../src/checks/index.ts';
import { isRefused } from '../../../src/checks/probe/address.ts';
import { authority, type Issued } from '../support/certificates.ts';
import { alreadyKnown } from '../support/isolation.ts';
import { kongFile, yaml } from '../support/manifests.ts';
import { request } from '../support/runner.ts';
import { evidenceOf, problemsOf, runCheck } from '../support/workspace.ts';

const CHECK = 'inference_endpoint_tls_configured';
const LOOPBACK = ['127.0.0.1', '::1'];
const ENDPOINT = { host: 'localhost', path: '/v1/models/fraud-detection' };
const MANIFESTS = yaml(kongFile({ hosts: ['localhost'] }));

const folder = mkdtempSync(join(tmpdir(), 'countersign-probe-'));
let ca = '';
const issued = new Map<string, Issued>();
/** A port that nothing listens on. */
let closed = 0;

beforeAll(async () => {
  const private_ = await authority(folder);
  ca = private_.ca;
  issued.set('good', await private_.issue('good'));
  issued.set('soon', await private_.issue('soon', { days: 5 }));
  issued.set('expired', await private_.issue('expired', { days: -1 }));
  issued.set('other name', await private_.issue('other', { name: 'other.example' }));
  issued.set('short key', await private_.issue('short', { key: ['rsa:1024'] }));
  const server = createServer();
  closed = await listening(server);
  server.close();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listening(server: Server): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return (server.address() as AddressInfo).port;
}

/** Starts a TLS server of ours that ends with the test; its port. */
async function serve(label: string, options: TlsOptions = {}): Promise<number> {
  const { cert, key } = issued.get(label) ?? { cert: '', key: '' };
  const server = createTlsServer({ cert, key, ...options }, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  onTestFinished(() => void server.close());
  return listening(server);
}

const probeOf = (port: number, parts: Record<string, unknown> = {}) => ({
  hosts: [`localhost:${port}`],
  allow_addresses: LOOPBACK,
  ca,
  timeout_seconds: 2,
  http_port: closed,
  ...parts,
});
const probe = (port: number, parts: Record<string, unknown> = {}, now = new Date().toISOString()) =>
  runCheck(
    CHECK,
    { deployment: MANIFESTS },
    { parameters: { endpoint: ENDPOINT, probe: probeOf(port, parts) }, now },
  );

describe('a live probe', () => {
  it('passes TLS 1.3 and 1.2 with a certificate of an authority that the policy names', async () => {
    for (const options of [{}, { maxVersion: 'TLSv1.2' }] as const) {
      const report = await probe(await serve('good', options));
      expect(report.outcome, problemsOf(report)).toBe('passed');
      expect(report.details['probe']).toMatchObject([
        { protocol: options.maxVersion ?? 'TLSv1.3', key: 'ec 256' },
      ]);
      expect(JSON.stringify(report.details['holds'])).toContain('refuses TLS 1.0 and 1.1');
      const days = report.measurements.find(({ name }) => name === 'certificate_valid');
      expect(days?.value).toBeGreaterThan(87);
    }
  });

  it.each([
    ['a certificate of a stranger', 'good', {}, { ca: undefined }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    [
      'a certificate for another name',
      'other name',
      {},
      {},
      'its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    ['an expired certificate', 'expired', {}, {}, 'its certificate has expired (CERT_HAS_EXPIRED)'],
    ['a certificate that ends soon', 'soon', {}, {}, 'valid for 4 more days; at least 14'],
    ['a short key', 'short key', { ciphers: 'DEFAULT@SECLEVEL=0' }, {}, 'key'],
    [
      'TLS 1.0 alone',
      'good',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
      {},
      'does not speak TLS 1.2 or later',
    ],
    [
      'TLS 1.1 beside 1.2',
      'good',
      { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.2', ciphers: 'DEFAULT@SECLEVEL=0' },
      {},
      'takes TLSv1.1',
    ],
  ] as const)('fails %s', async (_, label, options, parts, message) => {
    const report = await probe(await serve(label, options), parts);
    expect(problemsOf(report)).toContain(message);
    expect(report.outcome, problemsOf(report)).toBe('failed');
  });

  it('fails a certificate that signed itself', async () => {
    const own = await authority(mkdtempSync(join(folder, 'self-')));
    const { cert, key } = await own.issue('x');
    const server = await serve('good', { cert, key });
    const report = await probe(server, { ca: undefined });
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|DEPTH_ZERO_SELF_SIGNED_CERT/);
  });

  it.each([
    ['redirects to https', 301, { location: 'https://localhost/' }, 'passed'],
    ['redirects elsewhere', 301, { location: 'http://localhost/x' }, 'failed'],
    ['answers', 200, {}, 'failed'],
  ] as const)('looks whether plain HTTP %s', async (_, status, headers, outcome) => {
    const asked: string[] = [];
    const plain = createHttpServer((incoming, response) => {
      asked.push(incoming.url ?? '');
      response.writeHead(status, headers).end();
    });
    onTestFinished(() => void plain.close());
    const report = await probe(await serve('good'), { http_port: await listening(plain) });
    expect(report.outcome, problemsOf(report)).toBe(outcome);
    expect(asked).toEqual([ENDPOINT.path]);
  });

  it('does not pass a host that is not there, hangs, or speaks no TLS', async () => {
    expect((await probe(closed)).outcome).toBe('insufficient_evidence');
    const silent = createServer(() => undefined);
    const babbling = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('+PONG\r\n');
    });
    onTestFinished(() => [silent, babbling].forEach((server) => void server.close()));
    const hanging = await probe(await listening(silent), { timeout_seconds: 0.2 });
    expect(problemsOf(hanging)).toContain('ETIMEDOUT');
    expect((await probe(await listening(babbling))).outcome).not.toBe('passed');
  });

  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    'ff02::1',
    '64:ff9b::a9fe:a9fe',
    'no address',
  ])('refuses %s', (address) => expect(isRefused(address)).toBe(true));
  it.each(['10.0.0.5', '192.168.1.1', '93.184.216.34', '2606:4700::1111'])('takes %s', (address) =>
    expect(isRefused(address)).toBe(false),
  );

  it('connects to this machine only where the policy says so, by whatever name', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    onTestFinished(() => void server.close());
    const port = await listening(server);
    for (const host of ['localhost', '127.0.0.1', '127.1', '2130706433', '0x7f000001']) {
      const report = await probe(port, { hosts: [`${host}:${port}`], allow_addresses: [], http_port: port });
      expect(report.outcome, host).toBe('insufficient_evidence');
    }
    expect(connections).toBe(0);
  });

  it('works in the sandbox, which has a network then and none otherwise', async () => {
    const port = await serve('good');
    const runner = createCheckRunner(alreadyKnown());
    onTestFinished(() => runner.close());
    const evidence = await evidenceOf({ deployment: MANIFESTS });
    const now = new Date().toISOString();
    const run = (parameters: Record<string, unknown>) =>
      runner.run(
        request(CHECK, { evidence, now, parameters: { endpoint: ENDPOINT, ...parameters } as never }),
      );
    const { result } = await run({ probe: probeOf(port) });
    expect(result.outcome, result.message).toBe('passed');
    expect((await run({})).result.message).not.toContain('showed');
  }, 120_000);
});
