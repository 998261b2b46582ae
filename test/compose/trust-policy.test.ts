import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyFiles } from '../../src/attestation/index.ts';
import { openSigners } from '../../src/compose/keys.ts';
import { openBeliefs } from '../../src/compose/live/beliefs.ts';
import { SURFACES } from '../../src/compose/surface.ts';
import { trustNotices } from '../../src/compose/trust-notices.ts';
import { readTrustPolicy } from '../../src/compose/trust-policy.ts';
import { compose } from '../../src/compose.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { runHere } from '../cli/run-here.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let folder: string;
const file = (name: string) => join(folder, name);
const POLICY = () => file('trust-policy.yaml');

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-policy-'));
  await writeFile(
    file('countersign.yaml'),
    JSON.stringify({ listen: { port: 0 }, data_dir: '.', ...SIGNED }),
  );
  await createKeyFiles(file('safe'), 'policy');
  await openSigners(await configured(), SURFACES);
  await issue(POLICY());
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const SIGNED = { trust_policy: { file: 'trust-policy.yaml', key: 'safe/policy.pub.pem' } };

function configured() {
  const environment = serviceEnvironment({ DATABASE_URL: database.connectionString });
  return loadConfig(file('countersign.yaml'), environment);
}

const run = (...args: readonly string[]) =>
  runHere(args, {
    COUNTERSIGN_CONFIG: file('countersign.yaml'),
    DATABASE_URL: database.connectionString,
  });

/** Drafts the next version and signs it, as an operator would. */
async function issue(path: string, ...more: readonly string[]) {
  const draft = await run('trust-policy', 'draft', '--output', path, ...more);
  expect([draft.status, draft.stderr]).toEqual([0, expect.stringContaining('trust-policy sign')]);
  const signed = await run('trust-policy', 'sign', path, '--key', file('safe/policy.key.pem'));
  expect(signed.stderr).not.toContain('error');
  expect(signed).toMatchObject({ status: 0, stdout: expect.stringContaining('signed version') });
}

/** Starts and stops a surface: whether it takes the policy. */
async function start(): Promise<string> {
  const opened = await compose(await configured(), ['monitor'], () => {}).catch((error: Error) => error);
  if (opened instanceof Error) return opened.message;
  const { version } = opened.submission.trust.policy.edition ?? {};
  await opened.close();
  return `version ${version}`;
}

/** With the policy's file changed for the time of some work. */
async function altered<T>(
  name: string,
  change: (text: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  const text = await readFile(file(name), 'utf8');
  await writeFile(file(name), change(text));
  return work().finally(() => writeFile(file(name), text));
}

describe('a signed trust policy', { timeout: 60_000 }, () => {
  it('is what the surfaces believe, and no lower version after it', async () => {
    expect(await start()).toBe('version 1');
    const old = await Promise.all(['', '.sigstore.json'].map((end) => readFile(`${POLICY()}${end}`)));
    await issue(POLICY());
    expect(await start()).toBe('version 2');
    const newer = await Promise.all(['', '.sigstore.json'].map((end) => readFile(`${POLICY()}${end}`)));
    const put = ([text = '', bundle = '']: (Buffer | string)[]) =>
      Promise.all([writeFile(POLICY(), text), writeFile(`${POLICY()}.sigstore.json`, bundle)]);
    await put(old);
    expect(await start()).toContain('it is version 1, and version 2 was seen already');
    await put(newer);
    expect(await start()).toBe('version 2');
  });

  it('is one and no other under its version', async () => {
    const path = file('other.yaml');
    await issue(path);
    const text = (await readFile(path, 'utf8')).replace('version: 3', 'version: 2');
    await altered(
      'trust-policy.yaml',
      () => text,
      async () => {
        await run('trust-policy', 'sign', POLICY(), '--key', file('safe/policy.key.pem'));
        expect(await start()).toContain('another policy of version 2 was seen already');
      },
    );
    await run('trust-policy', 'sign', POLICY(), '--key', file('safe/policy.key.pem'));
  });

  it('counts only as it was signed, by the key that is named', async () => {
    const grown = (text: string) =>
      text.replace('people: []', 'people: [{id: eve, roles: [{role: ml_lead}]}]');
    await altered('trust-policy.yaml', grown, async () => {
      expect(await start()).toContain('it is over another document');
    });
    await createKeyFiles(file('thief'), 'policy');
    const before = await readFile(`${POLICY()}.sigstore.json`);
    await run('trust-policy', 'sign', POLICY(), '--key', file('thief/policy.key.pem'));
    expect(await start()).toMatch(/is not signed by the key in .*policy\.pub\.pem: it is by the key/);
    await writeFile(`${POLICY()}.sigstore.json`, before);
    await altered(
      'trust-policy.yaml.sigstore.json',
      (text) => text.replace('"signature":"ME', '"signature":"MF'),
      async () => {
        expect(await start()).toContain('is not signed by the key');
      },
    );
  });

  it('holds no key of its own: what no edition dates is no policy, and what has ended is not signed', async () => {
    const path = file('bare.yaml');
    await writeFile(
      path,
      'signers: []\npipelines: []\nrevoked: {statements: [], artifacts: []}\npeople: []\n',
    );
    const sign = () => run('trust-policy', 'sign', path, '--key', file('safe/policy.key.pem'));
    expect(await sign()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('edition: it is missing'),
    });
    await issue(path);
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace(/validUntil: \S+/, 'validUntil: 2026-01-01T00:00:00.000Z'),
    );
    expect(await sign()).toMatchObject({ status: 2, stderr: expect.stringContaining('it ended at') });
  });

  it('is followed without a restart: a new edition counts, an old or broken one is refused and told', async () => {
    const beliefs = await openBeliefs(await configured(), database.db, () => {});
    const version = () => beliefs.trust.policy.edition?.version;
    const first = version() ?? 0;
    const kept = await Promise.all(['', '.sigstore.json'].map((end) => readFile(`${POLICY()}${end}`)));
    await issue(POLICY());
    expect([await beliefs.look(), version()]).toEqual([{ kind: 'changed', version: first + 1 }, first + 1]);
    expect([await beliefs.look(), beliefs.refusal()]).toEqual([null, null]);
    const newer = await Promise.all(['', '.sigstore.json'].map((end) => readFile(`${POLICY()}${end}`)));
    const put = ([text = '', bundle = '']: (Buffer | string)[]) =>
      Promise.all([writeFile(POLICY(), text), writeFile(`${POLICY()}.sigstore.json`, bundle)]);
    for (const [files, why] of [
      [kept, `it is version ${first}, and version ${first + 1} was seen already`],
      [['nonsense', ''], 'is not signed by the key'],
      [[newer[0] ?? '', kept[1] ?? ''], 'is not signed by the key'],
    ] as const) {
      await put([...files]);
      expect([await beliefs.look(), beliefs.refusal()]).toEqual([null, null]);
      expect(await beliefs.look()).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
      expect([await beliefs.look(), version()]).toEqual([null, first + 1]);
      expect(beliefs.refusal()).toContain(why);
      await put(newer);
      expect([await beliefs.look(), beliefs.refusal()]).toEqual([{ kind: 'restored' }, null]);
    }
  });

  it('says at start what is not as it says', async () => {
    const config = await configured();
    const { policy } = await readTrustPolicy({ file: POLICY(), key: file('safe/policy.pub.pem') });
    expect(trustNotices(config, policy, policy.signers)).toEqual([]);
    const stranger = { ...policy, signers: policy.signers.filter(({ name }) => name !== 'worker') };
    expect(trustNotices(config, stranger, policy.signers)).toEqual([
      expect.stringContaining('nothing counts that the worker signer signs'),
    ]);
    const older = policy.signers.map((signer) => ({
      ...signer,
      predicates: signer.predicates.filter((kind) => kind !== 'view-witness/v1'),
    }));
    expect(trustNotices(config, { ...policy, signers: older }, policy.signers)).toEqual([
      expect.stringMatching(/lets nobody sign view-witness\/v1: no record can be exported.*draft/),
    ]);
    const people = [{ id: 'lea', roles: [] }];
    const edition = { ...policy.edition, validUntil: policy.edition.issuedAt };
    expect(trustNotices(config, { ...policy, people, edition }).join('\n')).toMatch(
      /nothing is governed.*\n.*other roles/,
    );
    const { edition: _, ...unsigned } = policy;
    expect(trustNotices(config, unsigned)[0]).toContain('the trust policy is not signed');
  });
});
