import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createKeyFiles,
  loadKeylessSigning,
  openVerifier,
  type PackageContents,
  type RecordPackage,
  type StatementVerifier,
  signStatement,
  writePackage,
} from '../../src/attestation/index.ts';
import { systemClock } from '../../src/compose/clock.ts';
import { openSigners, trustOf } from '../../src/compose/keys.ts';
import { SURFACES } from '../../src/compose/surface.ts';
import { compose } from '../../src/compose.ts';
import { type Config, loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import {
  digestOf,
  type KeylessIdentity,
  keyIdOfIdentity,
  SIGNER_NAMES,
  TrustPolicy,
} from '../../src/domain/index.ts';
import { parseYaml } from '../../src/lib/index.ts';
import { createWitness, exportRecord } from '../../src/services/index.ts';
import { createInstance, type Instance } from '../attestation/conformance/instance.ts';
import { type Services, startServices, tokenFor } from '../attestation/keyless/services.ts';
import { runHere } from '../cli/run-here.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openGovernance, PERSONS, PIPELINE } from '../support/governed-artifact.ts';

/** The run was submitted with none. */
const EVIDENCE: PackageContents['evidence'] = { mode: 'inline', manifests: [[]], documents: [] };
const BYTES = 'governed weights';
const MODEL = { modelId: 'fraud-detection', modelVersion: '1' };
const ISSUER = 'https://kubernetes.default.svc';
const identityOf = (name: string): KeylessIdentity => ({
  identity: `https://kubernetes.io/namespaces/governance/serviceaccounts/${name}`,
  issuer: ISSUER,
});

let database: TestDatabase;
let folder: string;
let sigstore: Instance;
let services: Services;
let config: Config;
let verifier: StatementVerifier;
/** When the run was governed. */
let since: string;
let record: RecordPackage;
/** The first statement of the record, word for word, by somebody else. */
let stolen: string;
const file = (name: string) => join(folder, name);

/** A service of which nobody has a key: each signer proves who it is by a token in a file. */
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-keyless-'));
  sigstore = await createInstance(new Date(Math.ceil(Date.now() / 1000) * 1000));
  services = await startServices(sigstore, () => '');
  await writeFile(file('trusted_root.json'), JSON.stringify(sigstore.trustedRoot()));
  await writeFile(file('pipeline.yaml'), PIPELINE);
  await writeFile(file('model.bin'), BYTES);
  for (const name of [...SIGNER_NAMES, 'thief']) await writeFile(file(name), tokenOf(name));
  await createKeyFiles(file('safe'), 'policy');
  config = await configured();
  const signers = Object.fromEntries(await openSigners(config, SURFACES));
  since = new Date().toISOString();
  const { policy } = await trustOf(config);
  verifier = await openVerifier(policy);
  const { context, govern } = openGovernance(database.db, since, signers);
  await govern({ ...MODEL, artifact: digestOf(BYTES) });
  const believing = { ...context, verifier };
  const witnessing = { witnessView: createWitness(believing) };
  record = await exportRecord({ ...believing, ...witnessing }, { ...MODEL, environment: 'production' });
  await pack('record.tar', record);
  stolen = await signedByThief(record.statements[0] ?? '');
  await services.close();
}, 60_000);
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const tokenOf = (name: string) => tokenFor(identityOf(name), { exp: Math.floor(Date.now() / 1000) + 3600 });
const environment = () => ({
  COUNTERSIGN_CONFIG: file('countersign.yaml'),
  DATABASE_URL: database.connectionString,
});

async function configured(keyless: object = Object.fromEntries(SIGNER_NAMES.map(signerOf))): Promise<Config> {
  const people = PERSONS.map(({ id, roles }) => ({ id, name: id, roles: roles.map(({ role }) => role) }));
  const { url } = services;
  const instance = { trusted_root: 'trusted_root.json', fulcio_url: `${url}/`, rekor_url: url };
  const signing = { keyless, sigstore: { ...instance, rekor_version: 2, timestamp_url: url } };
  const settings = { data_dir: '.', people, pipelines: [{ file: 'pipeline.yaml' }], signing };
  await writeFile(file('countersign.yaml'), JSON.stringify(settings));
  return loadConfig(file('countersign.yaml'), serviceEnvironment(environment()));
}

function signerOf(name: string): [string, object] {
  return [name, { ...identityOf(name), token_file: name }];
}

async function signedByThief(bundle: string): Promise<string> {
  const { createKeylessSigner } = await loadKeylessSigning();
  const worker = config.signing.keyless.get('worker');
  const result = verifier.verify(bundle);
  if (worker === undefined || !result.ok || result.statement.kind !== 'stage-result/v1')
    throw new Error('expected a stage result of the worker');
  const token = { ...worker.token, file: file('thief') };
  const thief = createKeylessSigner(
    'worker',
    { ...worker, token, identity: identityOf('thief') },
    systemClock,
  );
  const { kind, body } = result.statement;
  return (await signStatement(thief, { kind, body }, body.artifact)).bundle;
}

/** An unsigned policy: a verifier brings its own. */
async function pack(name: string, of: RecordPackage): Promise<void> {
  const { policy } = await trustOf(config);
  await writeFile(
    file(name),
    writePackage({ record: of, policy: { policy, signed: null }, evidence: EVIDENCE }),
  );
}

const run = (...args: readonly string[]) => runHere(args, environment());
const verify = (archive: string, trust = 'trust-policy.yaml') =>
  run('verify', file(archive), '--artifact', file('model.bin'), '--trust', file(trust));

describe('a service without keys', { timeout: 60_000 }, () => {
  it('names its identities, and the trusted root, in the policy that it drafts', async () => {
    const draft = await run('trust-policy', 'draft', '--output', file('trust-policy.yaml'));
    expect(draft.stderr).toContain('trust-policy sign');
    const text = await readFile(file('trust-policy.yaml'), 'utf8');
    for (const name of SIGNER_NAMES) expect(text).toContain(`identity: ${identityOf(name).identity}`);
    expect(text).not.toContain('BEGIN PUBLIC KEY');
    expect(text).toContain('trustedRoot:');
    const { stdout } = await run('keys', 'list');
    expect(stdout).toContain(
      `${keyIdOfIdentity(identityOf('worker'))} ${identityOf('worker').identity} (${ISSUER})`,
    );
  });

  it('governs a run, of which a package is verified with no service in reach', async () => {
    const { status, stdout } = await verify('record.tar');
    expect([status, stdout]).toEqual([0, expect.stringContaining('governed')]);
    const swapped = await run(
      'verify',
      file('record.tar'),
      '--artifact',
      file('worker'),
      '--trust',
      file('trust-policy.yaml'),
    );
    expect(swapped.status).toBe(1);
  });

  it('of which a package is checked with openssl, and by cosign with what its README says', async () => {
    const path = { PATH: process.env['PATH'] ?? '' };
    const unpacked = file('unpacked');
    await mkdir(unpacked);
    expect(spawnSync('tar', ['-xf', file('record.tar'), '-C', unpacked], { env: path }).status).toBe(0);
    const check = spawnSync('sh', ['check.sh'], { cwd: unpacked, env: path, encoding: 'utf8' });
    expect([check.status, check.stderr]).toEqual([0, '']);
    expect(check.stdout).toMatch(
      /view.sigstore.json: signed by the key of a certificate, which this does not check,/,
    );
    const readMe = await readFile(join(unpacked, 'README.md'), 'utf8');
    expect(readMe).toContain(
      `--certificate-identity '${identityOf('worker').identity}' --certificate-oidc-issuer '${ISSUER}' --trusted-root trust/trusted_root.json`,
    );
  });

  it('is believed by nobody who knows the worker under another identity, or another instance', async () => {
    const text = await readFile(file('trust-policy.yaml'), 'utf8');
    const policy = parseYaml({ file: 'policy', text }, TrustPolicy);
    if (!policy.ok) throw new Error(JSON.stringify(policy.problems));
    const signers = policy.value.signers.map((signer) =>
      signer.name === 'worker'
        ? { ...signer, keyless: identityOf('thief'), keyId: keyIdOfIdentity(identityOf('thief')) }
        : signer,
    );
    await writeFile(file('other.yaml'), JSON.stringify({ ...policy.value, signers }));
    const other = await verify('record.tar', 'other.yaml');
    expect(other.status).toBe(1);
    expect(other.stdout).toContain(
      `signed by ${identityOf('worker').identity} (${ISSUER}), an identity that the trust policy lacks`,
    );
    const trustedRoot = (await createInstance(new Date())).trustedRoot();
    await writeFile(file('elsewhere.yaml'), JSON.stringify({ ...policy.value, trustedRoot }));
    expect((await verify('record.tar', 'elsewhere.yaml')).status).toBe(1);
  });

  it('refuses a statement that somebody else signed, word for word', async () => {
    expect(verifier.verify(stolen)).toMatchObject({
      failure: { code: 'unknown_key', message: expect.stringContaining('serviceaccounts/thief') },
    });
    await pack('forged.tar', { ...record, statements: record.statements.with(0, stolen) });
    const { status, stdout } = await verify('forged.tar');
    expect([status, stdout]).toEqual([1, expect.stringContaining('serviceaccounts/thief')]);
  });

  it('has an identity struck as a key is, and goes on under another', async () => {
    const keyId = keyIdOfIdentity(identityOf('worker'));
    const revoked = await run('keys', 'revoke', keyId, '--from', since, '--reason', 'a broken cluster');
    expect([revoked.status, revoked.stderr]).toEqual([
      0,
      expect.stringContaining('name another under signing.keyless'),
    ]);
    config = await configured(
      Object.fromEntries(SIGNER_NAMES.filter((name) => name !== 'worker').map(signerOf)),
    );
    await expect(openSigners(config, SURFACES)).rejects.toThrow(
      /signs keyless till now.*countersign keys rotate worker/,
    );
    const rotated = await run('keys', 'rotate', 'worker');
    expect(rotated.stdout).toContain('the worker signer has a new key');
    expect((await openSigners(config, ['queue'])).get('worker')?.keyless).toBeUndefined();
    config = await configured({
      ...Object.fromEntries(SIGNER_NAMES.map(signerOf)),
      worker: signerOf('thief')[1],
    });
    const back = await run('keys', 'rotate', 'worker');
    expect(back.stdout).toContain(`the worker signer signs keyless as ${identityOf('thief').identity}`);
    await using surface = new AsyncDisposableStack();
    const { run: work, close } = await compose(config, ['queue'], () => {});
    surface.defer(close);
    expect(work?.workerSigner.keyless).toEqual(identityOf('thief'));
    await run('trust-policy', 'draft', '--output', file('trust-policy.yaml'));
    const { status, stdout } = await verify('record.tar');
    expect([status, stdout]).toEqual([1, expect.stringContaining('key_revoked: a stage-result/v1')]);
  });
});
