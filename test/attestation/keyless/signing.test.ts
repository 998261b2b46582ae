import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readTrustedRoot } from '../../../src/attestation/artifact-signature/trusted-root.ts';
import {
  type KeylessSettings,
  loadKeylessSigning,
  openVerifier,
  signStatement,
  type TokenSource,
} from '../../../src/attestation/index.ts';
import {
  CountersignError,
  type KeylessIdentity,
  keyIdOfIdentity,
  ledgerSigners,
  SIGNS,
  type SignerName,
  type TrustedSigner,
} from '../../../src/domain/index.ts';
import { createInstance, type Instance } from '../conformance/instance.ts';
import type { Loose } from '../conformance/log.ts';
import { ARTIFACT, stageResult } from '../said.ts';
import { BEARER, type Fault, type ServicePath, type Services, startServices, tokenFor } from './services.ts';

/** The authorities' own certificates are good from the moment at which they are made. */
const AT = new Date(Math.ceil(Date.now() / 1000 + 60) * 1000);
const WORKER = { identity: 'https://ci.example/worker@refs/heads/main', issuer: 'https://issuer.example' };
const LEDGER = { identity: 'https://ci.example/ledger@refs/heads/main', issuer: 'https://issuer.example' };

let sigstore: Instance;
let services: Services;
let folder: string;
let now: string;
const clock = { now: () => now };
const { createKeylessSigner } = await loadKeylessSigning();

/** Good for ten minutes. */
const tokenOf = (identity: KeylessIdentity, change: Record<string, unknown> = {}) =>
  tokenFor(identity, { exp: Math.floor(AT.getTime() / 1000) + 600, ...change });

const AMBIENT: TokenSource = { file: null, github: null, variable: null, audience: 'sigstore' };
const given = (variable: string): TokenSource => ({ ...AMBIENT, variable });

function settings(
  change: Partial<KeylessSettings> = {},
  version: 1 | 2 = 1,
  timeout = 5000,
): KeylessSettings {
  return {
    identity: WORKER,
    token: given(tokenOf(change.identity ?? WORKER)),
    services: services.settings(version, timeout),
    patience: 20_000,
    ...change,
  };
}
const signer = (of: KeylessSettings = settings(), name: SignerName = 'worker') =>
  createKeylessSigner(name, of, clock);
const sign = (of?: KeylessSettings) => signStatement(signer(of), stageResult(), ARTIFACT);

const trusted = (identity: KeylessIdentity, name: SignerName = 'worker'): TrustedSigner => ({
  name,
  keyId: keyIdOfIdentity(identity),
  keyless: identity,
  predicates: [...SIGNS[name]],
  validFrom: '2026-01-01T00:00:00.000Z',
});
const POLICY = { pipelines: [], revoked: { statements: [], artifacts: [] }, people: [] };
const verifierOf = (...signers: TrustedSigner[]) =>
  openVerifier({ signers, trustedRoot: sigstore.trustedRoot() });

beforeAll(async () => {
  sigstore = await createInstance(AT);
  services = await startServices(sigstore, () => tokenOf(WORKER));
  folder = await mkdtemp(join(tmpdir(), 'countersign-keyless-'));
});
beforeEach(() => {
  now = sigstore.later(1).toISOString();
  services.faults.clear();
  services.conflicts = false;
  services.asked.length = 0;
});
afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true });
});

describe('a keyless signature', () => {
  it.each([1, 2] as const)('with Rekor v%i counts for its identity and for no other', async (version) => {
    const { bundle, id } = await sign(settings({}, version));
    const ours = (await verifierOf(trusted(WORKER))).verify(bundle);
    expect(ours).toMatchObject({ ok: true, statement: { id, keyId: keyIdOfIdentity(WORKER) } });
    for (const other of [
      LEDGER,
      { ...WORKER, issuer: 'https://issuer.example.evil' },
      { ...WORKER, identity: WORKER.identity.slice(0, -1) },
    ])
      expect((await verifierOf(trusted(other))).verify(bundle)).toMatchObject({
        failure: { id, code: 'unknown_key', message: expect.stringContaining(WORKER.identity) },
      });
  });

  it.each([1, 2] as const)('with Rekor v%i is accepted by @sigstore/verify as it stands', async (version) => {
    const { bundle } = await sign(settings({}, version));
    const root = readTrustedRoot(sigstore.trustedRoot());
    if (typeof root === 'string') throw new Error(root);
    const publicKey = () => Promise.reject() as never;
    const verified = new Verifier({ ...root, publicKey }).verify(
      toSignedEntity(bundleFromJSON(JSON.parse(bundle))),
      {
        subjectAlternativeName: `^${WORKER.identity.replaceAll('.', '\\.')}$`,
        extensions: { issuer: WORKER.issuer },
      },
    );
    expect(verified.identity?.subjectAlternativeName).toBe(WORKER.identity);
  });

  it('counts for nobody where the policy names no identity, or another Sigstore instance', async () => {
    const { bundle, id } = await sign();
    expect((await openVerifier({ signers: [] })).verify(bundle)).toMatchObject({
      failure: { id, code: 'unknown_key', message: expect.stringContaining('names no identity') },
    });
    const elsewhere = await createInstance(AT);
    const verifier = await openVerifier({ signers: [trusted(WORKER)], trustedRoot: elsewhere.trustedRoot() });
    expect(verifier.verify(bundle).ok).toBe(false);
    const none = { signers: [trusted(WORKER)] };
    await expect(openVerifier(none)).rejects.toThrow(/trustedRoot: it is missing/);
    await expect(openVerifier({ ...none, trustedRoot: { mediaType: 'x' } })).rejects.toThrow(/mediaType/);
    const wrongId = { ...trusted(WORKER), keyId: keyIdOfIdentity(LEDGER) };
    await expect(verifierOf(wrongId)).rejects.toThrow(/the id of its identity is/);
  });

  it.each([1, 2] as const)(
    'with Rekor v%i is refused once any part of its bundle is another',
    async (version) => {
      const { bundle } = await sign(settings({}, version));
      const verifier = await verifierOf(trusted(WORKER));
      const altered = alterations(JSON.parse(bundle));
      expect(altered.length).toBeGreaterThan(15);
      for (const { path, text } of altered) expect([path, verifier.verify(text).ok]).toEqual([path, false]);
    },
  );

  it('uses one certificate until shortly before its end, for all who sign at once', async () => {
    const one = signer();
    const signing = () => signStatement(one, stageResult(), ARTIFACT);
    const certificates = () => services.asked.filter((path) => path === '/api/v2/signingCert').length;
    await Promise.all([signing(), signing(), signing()]);
    now = sigstore.later(7 * 60).toISOString();
    await signing();
    expect(certificates()).toBe(1);
    now = sigstore.later(8 * 60 + 1).toISOString();
    await signing();
    expect(certificates()).toBe(2);
  });

  it('takes the entry that Rekor has already, where a request that was repeated finds it', async () => {
    services.conflicts = true;
    const { bundle } = await sign();
    expect((await verifierOf(trusted(WORKER))).verify(bundle).ok).toBe(true);
    expect(services.asked.at(-1)).toMatch(/^\/api\/v1\/log\/entries\/[0-9a-f]{64}$/);
  });
});

describe('the ledger, keyless', () => {
  it.each([1, 2] as const)('signs checkpoints and files that count, with Rekor v%i', async (version) => {
    const ledger = signer(settings({ identity: LEDGER }, version), 'ledger');
    const head = { origin: 'governance.example.com/ledger', treeSize: 7, root: 'ab'.repeat(32) };
    const note = await ledger.signCheckpoint(head);
    const speaks = trusted(LEDGER, 'ledger');
    const verifier = await verifierOf(speaks, trusted(WORKER));
    const signers = ledgerSigners({ ...POLICY, signers: [speaks] }, [now]);
    expect(verifier.openCheckpoint(note, signers)).toMatchObject({ ok: true, checkpoint: head });
    expect(verifier.openCheckpoint(note, [trusted(WORKER, 'ledger')]).ok).toBe(false);
    expect(verifier.openCheckpoint(note.replace('\n7\n', '\n8\n'), signers)).toMatchObject({
      message: 'a signature on it does not fit',
    });
    const bundle = JSON.parse(await ledger.signFile(Buffer.from('{}')));
    expect(bundle.messageSignature.messageDigest.algorithm).toBe('SHA2_256');
    await expect(signer().signCheckpoint(head)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ledger.signFile(Buffer.from('DSSEv1 {'))).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('an identity token', () => {
  it('is asked of GitHub Actions, read anew from its file, or taken from SIGSTORE_ID_TOKEN', async () => {
    const file = join(folder, 'token');
    const github = { url: `${services.url}/token?version=2`, token: BEARER };
    const hasSigned = async (token: TokenSource) => (await sign(settings({ token }))).statement.keyId;
    expect(await hasSigned({ ...AMBIENT, github })).toBe(keyIdOfIdentity(WORKER));
    expect(await hasSigned(given(tokenOf(WORKER)))).toBe(keyIdOfIdentity(WORKER));
    const one = signer(settings({ token: { ...AMBIENT, file } }));
    for (const minute of [1, 9]) {
      now = sigstore.later(minute * 60).toISOString();
      await writeFile(file, `${tokenOf(WORKER, { exp: Math.floor(Date.parse(now) / 1000) + 60 })}\n`);
      await signStatement(one, stageResult(), ARTIFACT);
    }
  });

  it('of an e-mail address that is not verified, of nobody, or with words of its own never shows in an error', async () => {
    const tokens = [
      tokenOf(WORKER, { sub: undefined }),
      tokenOf(WORKER, { email: 'a@b.example' }),
      'not-a-token-but-a-secret',
      'e30.bm90LWpzb24.c2VjcmV0LXBhcnQ',
      tokenOf(WORKER, { aud: 'another' }),
    ];
    for (const token of tokens) {
      const { error, output } = await refusal(settings({ token: given(token) }));
      expect(error.code).toBe('unavailable');
      for (const part of [token, ...token.split('.').filter((one) => one.length > 4)])
        expect(output).not.toContain(part);
    }
  });
});

describe('a signature that cannot be made', { timeout: 30_000 }, () => {
  const path: Record<string, ServicePath> = {
    fulcio: '/api/v2/signingCert',
    rekor: '/api/v1/log/entries',
    rekor2: '/api/v2/log/entries',
    stamps: '/api/v1/timestamp',
    github: '/token',
  };

  it.each<[string, Fault, RegExp]>([
    ['fulcio', 400, /Fulcio \(.*\) certified no key: it answered with status 400; .*audience sigstore/],
    ['fulcio', 503, /Fulcio .* it answered with status 503; it is tried again/],
    ['fulcio', 'garbage', /Fulcio .* its answer cannot be read/],
    ['fulcio', 'silence', /Fulcio .* it did not answer in time/],
    [
      'rekor',
      400,
      /Rekor \(.*, version 1\) did not witness the signature: it answered with status 400; see that its URL/,
    ],
    ['rekor', 500, /Rekor .* status 500; it is tried again/],
    ['rekor', 'garbage', /Rekor .* its answer cannot be read/],
    ['rekor', 'silence', /Rekor .* it did not answer in time/],
    ['rekor2', 404, /Rekor \(.*, version 2\) .* status 404/],
    ['rekor2', 'garbage', /Rekor .* its answer cannot be read/],
    ['stamps', 500, /the timestamp authority \(.*\) .* status 500/],
    ['stamps', 'garbage', /does not hold/],
    ['github', 403, /GitHub Actions gave no identity token: it answered with status 403; .*id-token: write/],
    ['github', 'garbage', /GitHub Actions .* its answer cannot be read/],
    ['github', 'silence', /GitHub Actions .* it did not answer in time/],
  ])('says so where %s answers with %s', async (service, fault, says) => {
    services.faults.set(path[service] as ServicePath, fault);
    const version = service === 'rekor2' || service === 'stamps' ? 2 : 1;
    const github = { url: `${services.url}/token`, token: BEARER };
    const token = service === 'github' ? { ...AMBIENT, github } : given(tokenOf(WORKER));
    const { error, output } = await refusal(settings({ token }, version, fault === 'silence' ? 150 : 5000));
    expect(error.message).toMatch(says);
    expect(output).not.toContain(tokenOf(WORKER).split('.')[1]);
    expect(output).not.toContain(BEARER);
    services.faults.clear();
    expect((await sign(settings({}, version))).statement.keyId).toBe(keyIdOfIdentity(WORKER));
  });

  it.each(['fulcio', 'rekor'])(
    'waits for a silent %s no longer than its patience, whatever one request may take',
    async (service) => {
      services.faults.set(path[service] as ServicePath, 'silence');
      const { error } = await refusal(settings({ patience: 100 }, 1, 600_000));
      expect(error).toMatchObject({ code: 'unavailable' });
      expect(error.message).toContain(
        'nothing was signed: Fulcio, Rekor and the timestamp authority together took longer than 0.1 s',
      );
    },
  );

  it('says where nobody listens', async () => {
    const nowhere = { ...services.settings(1), fulcio: 'http://127.0.0.1:1' };
    const { error } = await refusal(settings({ services: nowhere }));
    expect(error.message).toMatch(/Fulcio \(http:\/\/127.0.0.1:1\) .* cannot be reached \(ECONNREFUSED\)/);
  });

  it('says where there is no identity, and what gives one', async () => {
    const { error } = await refusal(settings({ token: AMBIENT }));
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(error.message).toMatch(
      /no identity token in the environment; .*id-token: write.*SIGSTORE_ID_TOKEN.*token_file/,
    );
    const file = join(folder, 'nowhere');
    const lost = await refusal(settings({ token: { ...AMBIENT, file } }));
    expect(lost.error.message).toContain(`the identity token in ${file} cannot be read (ENOENT)`);
  });

  it('says when the token expired', async () => {
    now = sigstore.later(11 * 60).toISOString();
    const { error } = await refusal(settings());
    const end = sigstore.later(10 * 60).toISOString();
    expect(error.message).toContain(`in SIGSTORE_ID_TOKEN expired at ${end}, and it is ${now}`);
    expect(services.asked).toEqual([]);
  });

  it.each([-120, 700])('says that the clock is wrong by %i seconds', async (seconds) => {
    now = sigstore.later(seconds).toISOString();
    const { error } = await refusal(settings({ token: given(tokenOf(WORKER, { exp: 4_000_000_000 })) }));
    expect(error.message).toMatch(/certificate is good from .* this machine's clock says .*; set the clock/);
  });

  it('is not even logged where the certificate is for somebody else', async () => {
    const { error } = await refusal(settings({ token: given(tokenOf(LEDGER)) }));
    expect(error).toMatchObject({ code: 'forbidden' });
    expect(error.message).toContain(
      `certified the key for URI:${LEDGER.identity}, and signing.keyless names ${WORKER.identity}`,
    );
    expect(services.asked).toEqual(['/api/v2/signingCert']);
  });

  it('is not given out where another issuer vouches, or the trusted root is of another instance', async () => {
    const token = given(tokenOf({ ...WORKER, issuer: 'https://another.example' }));
    const { error } = await refusal(settings({ token }));
    expect(error).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('https://another.example'),
    });
    const elsewhere = { ...services.settings(1), trustedRoot: (await createInstance(AT)).trustedRoot() };
    const foreign = await refusal(settings({ services: elsewhere }));
    expect(foreign.error.message).toContain('signing.sigstore.trusted_root');
  });
});

/** An error in every depth, and all that was written or told meanwhile. */
async function refusal(of: KeylessSettings): Promise<{ error: CountersignError; output: string }> {
  const told: unknown[] = [];
  const tell = (...words: unknown[]) => told.push(words);
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((words) => tell(words) > 0),
  );
  process.on('log', tell);
  const error = await sign(of).catch((cause: unknown) => cause);
  process.off('log', tell);
  for (const spy of spies) spy.mockRestore();
  if (!(error instanceof CountersignError)) throw new Error('expected a refusal', { cause: error });
  return { error, output: inspect([error, told, signer(of)], { depth: 20, showHidden: true }) };
}

/** Each text and number of a bundle, changed in turn. */
function alterations(bundle: object): { path: string; text: string }[] {
  const leaves: string[][] = [];
  const walk = (value: unknown, path: string[]): void => {
    if (typeof value !== 'object' || value === null) leaves.push(path);
    else for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(bundle, []);
  return leaves.map((path) => {
    const altered = structuredClone(bundle);
    const at = path.slice(0, -1).reduce<Loose>((value, key) => value[key], altered);
    const last = path.at(-1) ?? '';
    const half = Math.floor(at[last].length / 2);
    at[last] = `${at[last].slice(0, half)}${at[last][half] === '1' ? '2' : '1'}${at[last].slice(half + 1)}`;
    return { path: path.join('.'), text: JSON.stringify(altered) };
  });
}
