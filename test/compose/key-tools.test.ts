import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerifier, loadOrCreateSigner, publicPath } from '../../src/attestation/index.ts';
import type { KeyTools } from '../../src/cli/index.ts';
import { openKeyTools } from '../../src/compose/key-tools.ts';
import { openSigners, trustOf } from '../../src/compose/keys.ts';
import { SURFACES } from '../../src/compose/surface.ts';
import { type Config, loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { type Digest, digestOf, type KeyId, type SignerName, type Trust } from '../../src/domain/index.ts';
import { HOUR, MINUTE } from '../../src/lib/index.ts';
import { executeRun, judgeArtifact, submitRun } from '../../src/services/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance, PERSONS, PIPELINE } from '../support/governed-artifact.ts';

const START = '2026-11-23T09:00:00.000Z';
const MODEL = 'fraud-detection';
const BEFORE = digestOf('governed before the theft');
const AFTER = digestOf('governed after the theft');

let database: TestDatabase;
let folder: string;
let config: Config;
let tools: KeyTools;
let governance: Governance;
let stolen: KeyId;
let theft: string;

/** A service whose keys lie in files, as they do in production. */
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
  const file = join(folder, 'countersign.yaml');
  await writeFile(join(folder, 'pipeline.yaml'), PIPELINE);
  const people = PERSONS.map(({ id, roles }) => ({ id, name: id, roles: roles.map(({ role }) => role) }));
  const settings = { data_dir: '.', people, pipelines: [{ file: 'pipeline.yaml' }] };
  await writeFile(file, JSON.stringify(settings));
  const environment = serviceEnvironment({ DATABASE_URL: database.connectionString });
  config = await loadConfig(file, environment);
  for (const name of ['worker', 'approvals', 'ledger', 'monitor'] as const)
    await loadOrCreateSigner(join(config.keysDir, name), name, START);
  tools = await openKeyTools(file, environment);
  governance = await reopen(START);
  stolen = governance.context.workerSigner.keyId;
  await governance.govern({ modelId: MODEL, modelVersion: '1', artifact: BEFORE });
  governance.clock.advance(HOUR);
  theft = governance.clock.now();
  governance.clock.advance(MINUTE);
  await governance.govern({ modelId: MODEL, modelVersion: '2', artifact: AFTER });
});
afterAll(async () => {
  await tools.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** The surfaces started again: with the keys and the policy as the files have them now. */
async function reopen(start: string): Promise<Governance> {
  const signers = Object.fromEntries(await openSigners(config, SURFACES));
  const opened = openGovernance(database.db, start, signers);
  const trust = await trustOf(config);
  const context = { ...opened.context, trust, verifier: createVerifier(trust.policy) };
  return { ...opened, trust, context };
}

async function verdictOf(artifact: Digest, trust?: Trust) {
  const now = await reopen(new Date().toISOString());
  const under = trust ?? now.trust;
  const context = { ...now.context, trust: under, verifier: createVerifier(under.policy) };
  return judgeArtifact(context, { artifact, environment: 'production' });
}

const publicFileOf = (name: SignerName) => readFile(publicPath(config.trustDir, name), 'utf8');
const revocation = (dryRun: boolean) =>
  tools.revoke({ keyId: stolen, from: theft, reason: 'laptop stolen', dryRun });
const supportsOf = ({ statements }: { statements: Awaited<ReturnType<typeof revocation>>['statements'] }) =>
  statements.map(({ kind, subject, support }) => [subject === BEFORE, kind, support.kind]);

describe('after the theft of the worker’s key', { timeout: 60_000 }, () => {
  it('a dry run says what would fall, and changes nothing', async () => {
    const before = await publicFileOf('worker');
    const { statements, verdicts, revoked, current } = await revocation(true);
    expect(statements.map(({ subject, refused }) => [subject === BEFORE, refused])).toEqual([
      ...Array.from({ length: 5 }, () => [true, false]),
      ...Array.from({ length: 5 }, () => [false, true]),
    ]);
    expect(verdicts).toEqual([
      { artifact: AFTER, environment: 'production', before: 'governed', after: 'ungoverned' },
    ]);
    expect(revoked.ledgerSize).toBe(7);
    expect([current, await publicFileOf('worker')]).toEqual([null, before]);
  });

  it('one command revokes it and gives the worker another', async () => {
    const { current, heldElsewhere } = await revocation(false);
    expect([current?.held, current?.trusted, heldElsewhere]).toEqual([true, true, false]);
    const listed = (await tools.list()).filter(({ name }) => name === 'worker');
    expect(listed.map(({ keyId, held, revoked }) => [keyId === stolen, held, revoked?.from])).toEqual([
      [true, false, theft],
      [false, true, undefined],
    ]);
    expect((await verdictOf(BEFORE)).status).toBe('governed');
    const fallen = await verdictOf(AFTER);
    expect(fallen.status).toBe('ungoverned');
    expect(fallen.notes.map(({ code }) => code)).toContain('key_revoked');
  });

  it('a second time it says the same, and leaves the new key alone', async () => {
    const before = await publicFileOf('worker');
    const { current, verdicts } = await revocation(false);
    expect([current, verdicts, await publicFileOf('worker')]).toEqual([null, [], before]);
  });

  it('nothing supports what was signed since, until its checks are run again', async () => {
    const { statements } = await tools.resign({ keyId: stolen, dryRun: true });
    const after = statements.filter(({ subject }) => subject === AFTER);
    expect(new Set(after.map(({ support }) => support.kind))).toEqual(new Set(['none']));
    const again = await reopen(new Date().toISOString());
    await again.submit({ modelId: MODEL, modelVersion: '2', artifact: AFTER });
  });

  it('signs again what its place or a new run supports, each in its old place', async () => {
    const rows = () => database.db.selectFrom('ledger').selectAll().orderBy('index').execute();
    const before = await rows();
    const answer = await tools.resign({ keyId: stolen, dryRun: false });
    expect(supportsOf(answer)).toEqual([
      ...['stage-result/v1', 'stage-result/v1', 'stage-result/v1', 'governance-record/v1'].map((kind) => [
        true,
        kind,
        'ledger_position',
      ]),
      [true, 'approval-request/v1', 'ledger_position'],
      ...Array.from({ length: 3 }, () => [false, 'stage-result/v1', 'checks_rerun']),
      [false, 'governance-record/v1', 'supported_results'],
      [false, 'approval-request/v1', 'none'],
    ]);
    expect(await rows()).toEqual(before);
    await tools.resign({ keyId: stolen, dryRun: false });
    const copies = await database.db.selectFrom('resignatures').selectAll().execute();
    expect(copies).toHaveLength(9);
    expect(new Set(copies.map(({ key_id }) => key_id)).has(stolen)).toBe(false);
  });

  it('what was signed again stands without the old key, and asks people again where it must', async () => {
    const trust = await trustOf(config);
    const signers = trust.policy.signers.filter(({ keyId }) => keyId !== stolen);
    const without = { ...trust, policy: { ...trust.policy, signers } };
    expect((await verdictOf(BEFORE, without)).status).toBe('governed');
    const verdict = await verdictOf(AFTER);
    expect([verdict.status, verdict.reasons[0]?.code]).toEqual(['pending', 'approval_missing']);
  });

  it('a thief cannot write into the past of the ledger, and what comes later is by a revoked key', async () => {
    const forged = digestOf('forged bytes');
    const as = (now: string) => ({ ...governance.context, clock: { now: () => now } });
    const wish = { modelId: MODEL, evidence: [], inputs: {}, authors: [], attempt: 'new' as const };
    const { run } = await submitRun(
      as(START),
      { ...wish, modelVersion: '3', artifact: forged, pipeline: governance.pipeline.digest },
      { subject: 'ci:build', person: 'sam' },
    );
    await expect(executeRun(as(START), run.id)).rejects.toThrow("but the ledger's last entry is of");
    await executeRun(as(new Date().toISOString()), run.id);
    const verdict = await verdictOf(forged);
    expect([verdict.status, verdict.reasons[0]?.code]).toEqual(['ungoverned', 'no_record']);
    expect(new Set(verdict.notes.map(({ code }) => code))).toEqual(new Set(['key_revoked']));
  });

  it('no signature is taken from beside the ledger again', async () => {
    for (const change of ['update resignatures set bundle = bundle', 'delete from resignatures'])
      await expect(sql.raw(change).execute(database.db)).rejects.toThrow('append-only');
  });
});
