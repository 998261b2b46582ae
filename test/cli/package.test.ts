import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createKeyFiles,
  type PackageContents,
  type PackedPolicy,
  type RecordPackage,
  readPackage,
  signDocument,
  writePackage,
} from '../../src/attestation/index.ts';
import { judgeOffline } from '../../src/cli/verify/judge-offline.ts';
import { digestOf, digestOfJson } from '../../src/domain/index.ts';
import { canonicalJson, HOUR, later, yamlText } from '../../src/lib/index.ts';
import { exportRecord } from '../../src/services/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';
import { runHere } from './run-here.ts';

const MODEL = 'fraud-detection';
const SMALL = digestOf('weights of little risk');
const BYTES = digestOf('governed weights');
const PATH = { PATH: process.env['PATH'] ?? '' };

let database: TestDatabase;
let governance: Governance;
let folder: string;
/** Of few statements, for every byte of it. */
let small: Buffer;
let record: RecordPackage;
let packed: PackedPolicy;
const CARD = Buffer.from('# model card');
const FACTS = Buffer.from('{"rows":3}');
/** Both runs were submitted with it. */
const MANIFEST = [
  { name: 'facts', digest: digestOf(FACTS) },
  { name: 'model_card', digest: digestOf(CARD) },
];
const INLINE = { mode: 'inline', manifests: [MANIFEST], documents: [CARD, FACTS] } as const;
const pack = (of: RecordPackage, more: Partial<PackageContents> = {}) =>
  writePackage({ record: of, policy: packed, evidence: INLINE, ...more });
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-package-'));
  database = await createTestDatabase();
  governance = openGovernance(database.db);
  packed = { policy: governance.trust.policy, signed: null };
  const tier = 'minimal_risk' as const;
  await governance.govern({ modelId: MODEL, modelVersion: '1', artifact: SMALL, tier, evidence: MANIFEST });
  await governance.govern({ modelId: MODEL, modelVersion: '2', artifact: BYTES, evidence: MANIFEST });
  const query = { modelId: MODEL, environment: 'production' };
  small = pack(await exportRecord(governance.context, { ...query, modelVersion: '1' }));
  record = await exportRecord(governance.context, { ...query, modelVersion: '2' });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const judged = (of: RecordPackage) =>
  judgeOffline(
    { record: of, policy: packed.policy, artifact: { digest: BYTES } },
    { environment: 'production', now: governance.clock.now() },
  );

/** Which file each byte of an archive belongs to: its header, its contents and its padding. */
function ownersOf(archive: Buffer): { path: string; from: number; to: number; contents: number }[] {
  const owners: ReturnType<typeof ownersOf> = [];
  for (let at = 0; archive[at] !== 0; ) {
    const path = archive
      .subarray(at, at + 100)
      .toString()
      .replace(/\0.*$/s, '');
    const size = Number.parseInt(archive.subarray(at + 124, at + 135).toString(), 8);
    const to = at + 512 + Math.ceil(size / 512) * 512;
    owners.push({ path, from: at, to, contents: at + 512 + size });
    at = to;
  }
  return owners;
}

describe('a package', { timeout: 120_000 }, () => {
  it('is the same of the same, and says the same as its record', () => {
    const archive = pack(record);
    const again = { ...INLINE, documents: [FACTS, CARD, FACTS] };
    expect(pack(structuredClone(record), { policy: structuredClone(packed), evidence: again })).toEqual(
      archive,
    );
    const opened = readPackage(archive);
    expect(opened).toMatchObject({
      ok: true,
      value: { record, evidence: { mode: 'inline', manifests: [MANIFEST] } },
    });
    expect(judged(record).verdict.status).toBe('governed');
  });

  it('names the file in which a byte was altered: any of the small files, every so many of the others', () => {
    const owners = ownersOf(small);
    const bytes = Buffer.from(small);
    const alter = (at: number) => {
      bytes[at] = (small[at] ?? 0) ^ (1 << (at % 8));
      const result = readPackage(bytes);
      bytes[at] = small[at] ?? 0;
      return result.ok
        ? null
        : result.problems.map(({ where, message }) => `${where}: ${message}`).join('\n');
    };
    const unnamed: string[] = [];
    for (const [number, { path, from, contents }] of owners.entries()) {
      const data = from + 512;
      const strides = { header: number < 2 ? 1 : 11, data: contents - data <= 1024 ? 1 : 11 };
      for (let at = from; at < contents; at += at < data ? strides.header : strides.data) {
        const said = alter(at);
        if (said === null || !(said.includes(path) || (at < data && said.includes('at byte'))))
          unnamed.push(`${path} at ${at}: ${said}`);
      }
    }
    for (let at = owners.at(-1)?.to ?? 0; at < small.length; at++)
      if (!alter(at)?.includes('the archive')) unnamed.push(`the end at ${at}`);
    for (const { contents, to, path } of owners)
      for (let at = contents; at < to; at += 7) if (!alter(at)?.includes(path)) unnamed.push(`${path} after`);
    expect(unnamed).toEqual([]);
  });

  it('notices what is left out, added or cut off', () => {
    const [, second] = ownersOf(small);
    if (second === undefined) throw new Error('expected files');
    const { from, to } = second;
    const without = Buffer.concat([small.subarray(0, from), small.subarray(to)]);
    expect(readPackage(without)).toMatchObject({
      problems: [{ where: second.path, message: 'it is missing' }],
    });
    const twice = Buffer.concat([small.subarray(0, to), small.subarray(from)]);
    expect(readPackage(twice).ok).toBe(false);
    for (const length of [0, 100, 512, to - 1, small.length - 1])
      expect(readPackage(small.subarray(0, length)).ok, String(length)).toBe(false);
    expect(readPackage(Buffer.concat([small, Buffer.alloc(512)])).ok).toBe(false);
  });

  it('sealed anew after any field of a statement was altered, is not allowed, and names the statement', () => {
    const seen = new Set<string>();
    for (const [at, text] of [record.view, ...record.statements].entries())
      for (const { path, altered } of alterations(text)) {
        const forged =
          at === 0
            ? { ...record, view: altered }
            : { ...record, statements: record.statements.with(at - 1, altered) };
        const opened = readPackage(pack(forged));
        if (!opened.ok) throw new Error('a package that was sealed anew is whole');
        const { allowed, verdict } = judged(opened.value.record);
        expect([path, allowed]).toEqual([path, false]);
        if (at > 0) expect(verdict.reasons.map(({ statement }) => statement)).toContain(idOf(text));
        else expect(verdict.reasons[0]?.code).toBe('view_missing');
        seen.add(path);
      }
    for (const path of ['predicate.artifact.digest', 'predicate.person', 'predicateType', 'signature', 'key'])
      expect(seen).toContain(path);
  });

  it('holds exactly the evidence that its statements name, or its digests alone', () => {
    const told = (evidence: PackageContents['evidence']) => {
      const opened = readPackage(pack(record, { evidence }));
      return opened.ok ? [] : opened.problems.map(({ where, message }) => `${where}: ${message}`);
    };
    const other = Buffer.from('another');
    const paths = {
      manifest: `evidence/manifests/${digestOfJson(MANIFEST).slice(7)}.json`,
      card: `evidence/documents/${digestOf(CARD).slice(7)}`,
      other: `evidence/documents/${digestOf(other).slice(7)}`,
    };
    expect(told({ ...INLINE, mode: 'digest', documents: [] })).toEqual([]);
    expect(told({ ...INLINE, documents: [FACTS] })).toEqual([
      `${paths.card}: it is missing, and a manifest names it`,
    ]);
    expect(told({ ...INLINE, documents: [FACTS, other] })).toEqual([
      `${paths.card}: it is missing, and a manifest names it`,
      `${paths.other}: no manifest names it`,
    ]);
    expect(told({ ...INLINE, mode: 'digest', documents: [CARD] })).toEqual([
      `${paths.card}: this package has evidence by digest`,
    ]);
    expect(told({ mode: 'inline', manifests: [], documents: [] })).toEqual([
      `${paths.manifest}: it is missing, and a statement names it`,
    ]);
    const swapped = MANIFEST.with(0, { name: 'facts', digest: digestOf(other) });
    expect(told({ ...INLINE, manifests: [swapped], documents: [CARD, other] })).toEqual([
      `${paths.manifest}: it is missing, and a statement names it`,
      expect.stringMatching(/^evidence\/manifests\/\w+\.json: no statement names it$/),
    ]);
  });

  it('sealed anew with another pipeline, checkpoint or proof is not allowed', () => {
    for (const forged of [
      { ...record, checkpoint: record.checkpoint.replace(/\d+/, '1') },
      { ...record, inclusion: record.inclusion.map((proof) => proof.slice(1)) },
      { ...record, pipelines: record.pipelines.map((text) => `${text}\n# more`) },
      { ...record, modelVersion: '3' },
    ])
      expect(judged(forged).allowed).toBe(false);
  });
});

const idOf = (text: string) => digestOf(payloadOf(text)).slice('sha256:'.length);
const payloadOf = (text: string) => Buffer.from(JSON.parse(text).dsseEnvelope.payload, 'base64');

/** A bundle with one field altered, for each of its fields: by somebody without the key. */
function* alterations(text: string): Generator<{ path: string; altered: string }> {
  const bundle = JSON.parse(text);
  const again = (changes: object) => canonicalJson({ ...bundle, ...changes });
  const envelope = (changes: object) => again({ dsseEnvelope: { ...bundle.dsseEnvelope, ...changes } });
  const statement = JSON.parse(payloadOf(text).toString());
  for (const path of leavesOf(statement)) {
    const payload = Buffer.from(canonicalJson(withAltered(statement, path))).toString('base64');
    yield { path: path.join('.'), altered: envelope({ payload }) };
  }
  const [signature] = bundle.dsseEnvelope.signatures;
  const sig = Buffer.from(signature.sig, 'base64');
  sig[sig.length - 1] = (sig.at(-1) ?? 0) ^ 1;
  yield {
    path: 'signature',
    altered: envelope({ signatures: [{ ...signature, sig: sig.toString('base64') }] }),
  };
  const publicKey = { hint: digestOf('another key').slice(7, 51) };
  yield { path: 'key', altered: again({ verificationMaterial: { publicKey } }) };
  yield { path: 'payloadType', altered: envelope({ payloadType: 'application/json' }) };
}

function leavesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function withAltered(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) {
    if (typeof value === 'string') return `${value}x`;
    return typeof value === 'number' ? value + 1 : value === null ? 'x' : !value;
  }
  const inner = withAltered((value as Record<string, unknown>)[key], rest);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...(value as object), [key]: inner };
}

const hasOpenssl = spawnSync('openssl', ['version'], { env: PATH }).status === 0;

describe.runIf(hasOpenssl)('the script in a package', { timeout: 60_000 }, () => {
  const unpack = async (archive: Buffer, name: string) => {
    await writeFile(file(`${name}.tar`), archive);
    execFileSync('mkdir', [file(name)], { env: PATH });
    execFileSync('tar', ['xf', file(`${name}.tar`), '-C', file(name)], { env: PATH });
  };
  const check = (name: string) => {
    const { status, stdout, stderr } = spawnSync('sh', ['check.sh'], { cwd: file(name), env: PATH });
    return { status, said: `${stdout}${stderr}` };
  };

  it('verifies every signature with openssl alone, and names what was altered', async () => {
    await unpack(pack(record), 'whole');
    const whole = check('whole');
    expect([whole.status, whole.said.match(/: signed by keys\//g)?.length]).toEqual([
      0,
      record.statements.length + 2,
    ]);
    for (const text of [...record.statements, record.view, record.witness])
      expect(whole.said).toContain(idOf(text));
    const path = join(file('whole'), 'checkpoint.txt');
    await writeFile(path, (await readFile(path, 'utf8')).replace('\n', ' \n'));
    const altered = check('whole');
    expect([altered.status === 0, altered.said]).toEqual([
      false,
      expect.stringContaining('checkpoint.txt: FAILED'),
    ]);
  });

  it('comes with a summary for people: what was found, who approved, in which role, when and until when', async () => {
    await unpack(pack(record), 'summed-up');
    const text = await readFile(join(file('summed-up'), 'README.md'), 'utf8');
    expect(text).toMatch(/\| 2026-\S+ \| approved by lea \(ml_lead\), valid until 2\d{3}-/);
    expect(text).toMatch(/\| stage \w+: passed \|/);
    expect(text).toMatch(/record: high_risk, completed .*, valid until 2/);
    expect(text.indexOf('countersign verify')).toBeLessThan(text.indexOf('sh check.sh'));
  });

  it('is not deceived by a package that was sealed anew', async () => {
    const [forged] = [...alterations(record.statements[2] ?? '')];
    const statements = record.statements.with(2, forged?.altered ?? '');
    await unpack(pack({ ...record, statements }), 'forged');
    const { status, said } = check('forged');
    expect([status, said]).toEqual([
      1,
      expect.stringMatching(/statements\/00002-\S+: the signature does not fit/),
    ]);
  });
});

describe('countersign verify of a package', { timeout: 60_000 }, () => {
  const verify = (name: string, ...more: readonly string[]) =>
    runHere([
      'verify',
      file(name),
      '--artifact',
      file('model.onnx'),
      '--as-of',
      governance.clock.now(),
      ...more,
    ]);

  it('needs no more than the artifact and the key that signed the trust policy', async () => {
    await writeFile(file('model.onnx'), 'governed weights');
    await createKeyFiles(folder, 'policy');
    const issuedAt = governance.clock.now();
    const edition = { version: 1, issuedAt, validUntil: later(issuedAt, 24 * HOUR) };
    const policy = { edition, ...packed.policy };
    const text = yamlText(policy);
    const bundle = signDocument(Buffer.from(text), await readFile(file('policy.key.pem'), 'utf8'));
    await writeFile(file('signed.tar'), pack(record, { policy: { policy, signed: { text, bundle } } }));
    const good = await verify('signed.tar', '--trust-key', file('policy.pub.pem'));
    expect([good.status, good.stdout]).toEqual([
      0,
      expect.stringContaining('governed in production: allowed'),
    ]);
    await createKeyFiles(file('other'), 'policy');
    const other = await verify('signed.tar', '--trust-key', file('other/policy.pub.pem'));
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('it is by the key')]);
    const late = ['--trust-key', file('policy.pub.pem'), '--as-of', edition.validUntil];
    expect(await verify('signed.tar', ...late)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('trust_policy_expired'),
    });
    const least = (version: string) =>
      verify('signed.tar', '--trust-key', file('policy.pub.pem'), '--policy-version', version);
    expect((await least('1')).status).toBe(0);
    expect(await least('2')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('it is version 1, and --policy-version demands 2'),
    });
    expect((await least('new')).stderr).toContain('"new" is no version');
  });

  it('believes no signed policy that would never end', async () => {
    const text = yamlText(packed.policy);
    await createKeyFiles(file('endless'), 'policy');
    const bundle = signDocument(Buffer.from(text), await readFile(file('endless/policy.key.pem'), 'utf8'));
    const policy = { ...packed.policy };
    await writeFile(file('endless.tar'), pack(record, { policy: { policy, signed: { text, bundle } } }));
    await writeFile(file('endless.yaml'), text);
    await writeFile(file('endless.yaml.sigstore.json'), bundle);
    for (const more of [[], ['--trust', file('endless.yaml')]]) {
      const { status, stderr } = await verify(
        'endless.tar',
        '--trust-key',
        file('endless/policy.pub.pem'),
        ...more,
      );
      expect([status, stderr]).toEqual([2, expect.stringContaining('edition: it is missing')]);
    }
  });

  it('refuses a statement that no view lists, and evidence of a name that is more than one', async () => {
    await writeFile(file('own-trust.json'), JSON.stringify(packed.policy));
    const [statement = ''] = record.statements;
    const bundle = JSON.parse(statement);
    const said = JSON.parse(payloadOf(statement).toString());
    const hostile = [{ name: 'x |\n\n# VERDICT: governed\n\n\u001b[31m', digest: digestOf(CARD) }];
    const manifests = [MANIFEST, [{ name: 'harmless', digest: digestOf(CARD) }], hostile];
    for (const [at, added] of [
      ['unlisted', manifests[1]],
      ['hostile', manifests[2]],
    ] as const) {
      const predicate = { ...said.predicate, evidence: digestOfJson(added) };
      const payload = Buffer.from(canonicalJson({ ...said, predicate })).toString('base64');
      const envelope = { ...bundle.dsseEnvelope, payload, signatures: [{ sig: 'AAAA' }] };
      const stray = canonicalJson({ ...bundle, dsseEnvelope: envelope });
      const padded = { ...record, statements: [...record.statements, stray] };
      const evidence = { ...INLINE, manifests: [MANIFEST, added ?? []] };
      await writeFile(file(`${at}.tar`), pack(padded, { evidence }));
    }
    const trust = ['--trust', file('own-trust.json')];
    const unlisted = await verify('unlisted.tar', ...trust);
    expect([unlisted.status, unlisted.stderr]).toEqual([
      2,
      expect.stringMatching(/statements\/000\d\d-stage-result-v1\S*: the ledger view does not list it/),
    ]);
    const named = await verify('hostile.tar', ...trust);
    expect([named.status, named.stderr]).toEqual([2, expect.stringContaining('expected a name such as')]);
    expect(named.stderr).not.toContain('VERDICT');
    const twice = { ...record, statements: [...record.statements, statement] };
    await writeFile(file('twice.tar'), pack(twice));
    expect((await verify('twice.tar', ...trust)).stderr).toContain('the ledger view does not list it');
  });

  it('believes no policy only because it came along', async () => {
    await writeFile(file('bare.tar'), pack(record));
    expect((await verify('bare.tar')).stderr).toContain('--trust: it is missing');
    const keyed = await verify('bare.tar', '--trust-key', file('policy.pub.pem'));
    expect([keyed.status, keyed.stderr]).toEqual([
      2,
      expect.stringContaining('no trust policy that is signed'),
    ]);
    await writeFile(file('trust.json'), JSON.stringify(packed.policy));
    expect((await verify('bare.tar', '--trust', file('trust.json'))).status).toBe(0);
    const broken = await readFile(file('bare.tar'));
    broken[9000] = (broken[9000] ?? 0) ^ 1;
    await writeFile(file('broken.tar'), broken);
    const { status, stderr } = await verify('broken.tar', '--trust', file('trust.json'));
    expect([status, stderr]).toEqual([2, expect.stringContaining('broken.tar')]);
  });
});
