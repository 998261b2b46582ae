import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compiled } from '../../support/compiled.ts';
import { createInstance } from '../conformance/instance.ts';
import { type Services, startServices, tokenFor } from './services.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/sigstore-conformance.ts');
const WHO = { identity: 'https://ci.example/release@refs/heads/main', issuer: 'https://issuer.example' };
const EXP = { exp: Math.floor(Date.now() / 1000) + 3600 };

let services: Services;
let folder: string;
const at = (name: string) => join(folder, name);

/** Which services sign: those whose time is over, and versions that nobody speaks, lead nowhere. */
function signingConfig(version: 1 | 2): string {
  const service = (url: string, majorApiVersion: number, end?: string) => ({
    ...{ url, majorApiVersion, operator: 'test' },
    validFor: { start: '2020-01-01T00:00:00Z', ...(end === undefined ? {} : { end }) },
  });
  const nowhere = 'http://127.0.0.1:1';
  const [own, others] = [service(`${services.url}/`, 1), service(nowhere, 1, '2021-01-01T00:00:00Z')];
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: [others, own],
    rekorTlogUrls: [
      service(nowhere, 3),
      service(nowhere, 2, '2021-01-01T00:00:00Z'),
      service(services.url, version),
    ],
    tsaUrls: version === 1 ? [] : [others, own],
    rekorTlogConfig: { selector: 'ANY' },
  });
}

beforeAll(async () => {
  const sigstore = await createInstance(new Date(Math.ceil(Date.now() / 1000) * 1000));
  services = await startServices(sigstore, () => '');
  folder = await mkdtemp(join(tmpdir(), 'countersign-sign-bundle-'));
  await writeFile(at('root.json'), JSON.stringify(sigstore.trustedRoot()));
  await writeFile(at('artifact'), 'the bytes of a release');
  await writeFile(at('other'), 'other bytes');
  for (const version of [1, 2] as const) await writeFile(at(`config${version}`), signingConfig(version));
});
beforeEach(() => services.faults.clear());
afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true });
});

/** Drives the script as the suite of sigstore-conformance does. */
function drive(...args: readonly string[]): Promise<{ status: unknown; said: string }> {
  const env = { PATH: process.env['PATH'] ?? '', SIGSTORE_TRUSTED_ROOT: at('root.json'), ...compiled() };
  return new Promise((resolve) =>
    execFile(process.execPath, [SCRIPT, ...args], { env }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : error.code, said: stdout + stderr }),
    ),
  );
}

const sign = (token: string, version: 1 | 2, bundle: string) => {
  const output = ['--identity-token', token, '--bundle', at(bundle)];
  const instance = ['--trusted-root', at('root.json'), '--signing-config', at(`config${version}`)];
  return drive('sign-bundle', ...output, ...instance, at('artifact'));
};
const verify = (bundle: string, identity: string, file: string) => {
  const signer = ['--certificate-identity', identity, '--certificate-oidc-issuer', WHO.issuer];
  return drive('verify-bundle', '--bundle', at(bundle), ...signer, at(file));
};

describe('sign-bundle of the client protocol of sigstore-conformance', { timeout: 60_000 }, () => {
  it.each([1, 2] as const)('signs what verify-bundle believes, with Rekor v%i', async (version) => {
    const bundle = `signed${version}`;
    expect(await sign(tokenFor(WHO, EXP), version, bundle)).toEqual({ status: 0, said: '' });
    expect((await verify(bundle, WHO.identity, 'artifact')).status).toBe(0);
    expect((await verify(bundle, WHO.identity, 'other')).status).toBe(1);
    expect((await verify(bundle, `${WHO.identity}s`, 'artifact')).status).toBe(1);
  });

  it('writes nothing, and says nothing of the token, where it cannot sign', async () => {
    const token = tokenFor(WHO, EXP);
    services.faults.set('/api/v2/signingCert', 400);
    const refused = await sign(token, 2, 'refused');
    expect(refused).toMatchObject({ status: 1, said: expect.stringContaining('answered with status 400') });
    const expired = await sign(tokenFor(WHO, { exp: 1_000_000_000 }), 2, 'refused');
    expect(expired).toMatchObject({ status: 1, said: expect.stringContaining('expired at 2001-09-09') });
    const none = await drive('sign-bundle', '--identity-token', token, at('artifact'));
    expect(none).toMatchObject({ status: 2, said: expect.stringContaining('usage: sign-bundle') });
    const [, claims = ''] = token.split('.');
    expect(refused.said + expired.said + none.said).not.toContain(claims);
    expect(existsSync(at('refused'))).toBe(false);
  });
});
