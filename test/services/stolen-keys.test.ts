import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSigningKey,
  loadSigner,
  type StatementSigner,
  signStatement,
} from '../../src/attestation/index.ts';
import {
  type Artifact,
  type Digest,
  digestOf,
  type Predicate,
  type SignerName,
} from '../../src/domain/index.ts';
import { HOUR, later } from '../../src/lib/index.ts';
import { judgeArtifact } from '../../src/services/index.ts';
import { appendStatement, findApprovalRequestOfRun, type Run } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

const STOLEN = { worker: createSigningKey().privateKey, approvals: createSigningKey().privateKey };
const GOVERNED = digestOf('governed weights');
const WANTED = digestOf('weights that a thief wants governed');
const MODEL = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
let database: TestDatabase;
let governance: Governance;

beforeEach(async () => {
  database = await createTestDatabase();
  governance = openGovernance(database.db, undefined, {
    worker: loadSigner('worker', STOLEN.worker),
    approvals: loadSigner('approvals', STOLEN.approvals),
  });
});
afterEach(() => database.close());

const judged = (artifact: Digest) =>
  judgeArtifact(governance.context, { artifact, environment: 'production' });

/** Signs with a stolen key whatever its holder likes, and has the ledger take it in. */
async function slipIn(signer: StatementSigner, predicate: Predicate): Promise<string> {
  const { artifact } = predicate.body as { artifact: Artifact };
  const signed = await signStatement(signer, predicate, artifact);
  const now = governance.clock.now();
  await database.db.transaction().execute((tx) => appendStatement(tx, signed, now));
  return signed.id;
}

/** The key of one service under the name of another: names are not in a signature. */
const as = (name: SignerName, key: keyof typeof STOLEN) => loadSigner(name, STOLEN[key]);

async function approvals(run: Run): Promise<Predicate[]> {
  const request = await findApprovalRequestOfRun(database.db, run.id);
  if (request === null) throw new Error('nobody was asked');
  const { id, viewDigest: view } = request;
  const { record } = request.view;
  const now = governance.clock.now();
  return (
    [
      ['lea', 'ml_lead'],
      ['cora', 'compliance_officer'],
    ] as const
  ).map(([person, role]) => ({
    kind: 'approval-decision/v1',
    body: {
      ...{ artifact: run.artifact, target: { type: 'approval_request', id }, record, person, view },
      ...{ roles: [role], decision: 'approved', assurance: 'slack_click' },
      ...{ decidedAt: now, expiresAt: later(now, HOUR) },
    },
  }));
}

describe('a stolen key', { timeout: 60_000 }, () => {
  it('of the worker approves nothing', async () => {
    const run = await governance.submit({ ...MODEL, artifact: WANTED });
    const before = await judged(WANTED);
    const forged = await approvals(run);
    const ids: string[] = [];
    for (const decision of forged) ids.push(await slipIn(as('approvals', 'worker'), decision));
    const verdict = await judged(WANTED);
    expect([verdict.allowed, verdict.status]).toEqual([false, before.status]);
    expect(verdict.reasons).toContainEqual(expect.objectContaining({ code: 'approval_missing' }));
    expect(verdict.notes.map(({ statement }) => statement)).toEqual(expect.arrayContaining(ids));
    // The same words by the key of the approval service would have been enough.
    for (const decision of forged) await slipIn(as('approvals', 'approvals'), altered(decision));
    expect((await judged(WANTED)).allowed).toBe(true);
  });

  it('of the approval service makes no run, not even one that says what a real one said', async () => {
    await governance.govern({ ...MODEL, artifact: GOVERNED });
    const real = await database.db.selectFrom('ledger').select(['bundle']).orderBy('index').execute();
    for (const { bundle } of real) {
      const payload = Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, 'base64').toString();
      const { predicateType, predicate } = JSON.parse(payload.replaceAll(GOVERNED.slice(7), WANTED.slice(7)));
      const kind = predicateType.replace('https://countersign.dev/', '');
      const name = /^approval-(decision|withdrawal)/.test(kind) ? 'approvals' : 'worker';
      await slipIn(as(name, 'approvals'), { kind, body: predicate } as Predicate);
    }
    const verdict = await judged(WANTED);
    expect([verdict.allowed, verdict.status, verdict.basis]).toEqual([false, 'ungoverned', null]);
    expect(verdict.reasons[0]?.code).toBe('no_record');
    expect((await judged(GOVERNED)).allowed).toBe(true);
  });

  it.each([
    ['expired', (at: string) => ({ validUntil: at })],
    ['was revoked', (at: string) => ({ revoked: { from: at, reason: 'stolen' } })],
  ])('that %s signs nothing more that counts, and what it signed before stands', async (_how, end) => {
    await governance.govern({ ...MODEL, artifact: GOVERNED });
    const run = await governance.submit({ ...MODEL, modelVersion: '4.1.3', artifact: WANTED });
    governance.clock.advance(HOUR);
    const signer = governance.trust.policy.signers.find(({ name }) => name === 'approvals');
    Object.assign(signer ?? {}, end(governance.clock.now()));
    await governance.answer(run, 'lea', 'approved');
    await governance.answer(run, 'cora', 'approved');
    expect(await judged(WANTED)).toMatchObject({
      allowed: false,
      reasons: [expect.objectContaining({ code: 'approval_missing' })],
    });
    expect(await judged(GOVERNED)).toMatchObject({ allowed: true, status: 'governed' });
  });
});

/** An equal statement has an equal id, and the ledger takes it in once. */
function altered(decision: Predicate): Predicate {
  const { expiresAt, ...body } = decision.body as { expiresAt: string };
  return { ...decision, body: { ...body, expiresAt: later(expiresAt, 1) } } as Predicate;
}
