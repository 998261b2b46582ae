import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSigningKey,
  loadSigner,
  type RecordPackage,
  type StatementSigner,
  signStatement,
} from '../../src/attestation/index.ts';
import { judgeOffline } from '../../src/cli/verify/judge-offline.ts';
import { ownJudgeContext } from '../../src/compose/ledger.ts';
import { SIGNERS_OF, SURFACES } from '../../src/compose/surface.ts';
import {
  type Artifact,
  type Digest,
  digestOf,
  fileArtifact,
  type Instant,
  type Predicate,
  type SignerName,
} from '../../src/domain/index.ts';
import { DAY, HOUR, later } from '../../src/lib/index.ts';
import { createLead, exportRecord, judgeArtifact, reconcile } from '../../src/services/index.ts';
import { compileDossier } from '../../src/services/judge-artifact.ts';
import {
  appendStatement,
  findApprovalRequestOfRun,
  listFindings,
  type Run,
} from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

const STOLEN = {
  worker: createSigningKey().privateKey,
  approvals: createSigningKey().privateKey,
  ledger: createSigningKey().privateKey,
  monitor: createSigningKey().privateKey,
};
type Stolen = keyof typeof STOLEN;
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
    ledger: loadSigner('ledger', STOLEN.ledger),
    monitor: loadSigner('monitor', STOLEN.monitor),
  });
});
afterEach(() => database.close());

const judged = (artifact: Digest) =>
  judgeArtifact(governance.context, { artifact, environment: 'production' });

/** Signs with a stolen key whatever its holder likes, and has the ledger take it in. */
async function slipIn(
  signer: StatementSigner,
  predicate: Predicate,
  { artifact } = predicate.body as { artifact: Artifact },
): Promise<string> {
  const signed = await signStatement(signer, predicate, artifact);
  const now = governance.clock.now();
  await database.db.transaction().execute((tx) => appendStatement(tx, signed, now));
  return signed.id;
}

/** What a statement says, its bytes altered first. */
function predicateOf(bundle: string, alter: (payload: string) => string = (same) => same): Predicate {
  const payload = Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, 'base64').toString();
  const { predicateType, predicate } = JSON.parse(alter(payload));
  return { kind: predicateType.replace('https://countersign.dev/', ''), body: predicate } as Predicate;
}

/** Statements of which the monitor's next tick says that their signer had no business to make them. */
async function strangers(): Promise<(string | null | undefined)[]> {
  const context = { ...governance.context, sources: [] };
  const lead = createLead(context);
  await reconcile(context, lead);
  await lead.release();
  const rows = await listFindings(database.db, { state: 'firing' });
  const found = rows.map(({ finding }) => finding).filter(({ kind }) => kind === 'unexpected_signer');
  return found.map(({ entry }) => entry?.id);
}

const DIGESTS = { code: WANTED, data: WANTED, config: WANTED, pipeline: WANTED };

/** A report that CI would have made of a version that did not change. */
const reported = (now: Instant): Predicate => ({
  kind: 'current-inputs/v1',
  body: {
    ...{ artifact: fileArtifact(GOVERNED), ...MODEL, digests: DIGESTS, reportedAt: now },
    reporter: { subject: 'source:production', person: null },
  },
});

/** The key of one service under the name of another: names are not in a signature. */
const as = (name: SignerName, key: Stolen) => loadSigner(name, STOLEN[key]);

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
  it.each(['worker', 'ledger', 'monitor'] as const)('of the %s approves nothing', async (key) => {
    const run = await governance.submit({ ...MODEL, artifact: WANTED });
    const before = await judged(WANTED);
    const forged = await approvals(run);
    const ids: string[] = [];
    for (const decision of forged) ids.push(await slipIn(as('approvals', key), decision));
    const verdict = await judged(WANTED);
    expect([verdict.allowed, verdict.status]).toEqual([false, before.status]);
    expect(verdict.reasons).toContainEqual(expect.objectContaining({ code: 'approval_missing' }));
    expect(verdict.notes.map(({ statement }) => statement)).toEqual(expect.arrayContaining(ids));
    expect(await strangers()).toEqual(expect.arrayContaining(ids));
    // The same words by the key of the approval service would have been enough.
    for (const decision of forged) await slipIn(as('approvals', 'approvals'), altered(decision));
    expect((await judged(WANTED)).allowed).toBe(true);
  });

  it.each(['approvals', 'ledger', 'monitor'] as const)(
    'of the %s makes no run, not even one that says what a real one said',
    async (key) => {
      await governance.govern({ ...MODEL, artifact: GOVERNED });
      const real = await database.db.selectFrom('ledger').select(['bundle']).orderBy('index').execute();
      const forged: string[] = [];
      for (const { bundle } of real) {
        const said = predicateOf(bundle, (text) => text.replaceAll(GOVERNED.slice(7), WANTED.slice(7)));
        const name = /^approval-(decision|withdrawal)/.test(said.kind) ? 'approvals' : 'worker';
        const id = await slipIn(as(name, key), said);
        if (name !== key) forged.push(id);
      }
      const verdict = await judged(WANTED);
      expect([verdict.allowed, verdict.status, verdict.basis]).toEqual([false, 'ungoverned', null]);
      expect(verdict.reasons[0]?.code).toBe('no_record');
      expect((await judged(GOVERNED)).allowed).toBe(true);
      expect(await strangers()).toEqual(expect.arrayContaining(forged));
    },
  );

  it('of the ledger hides no failure on the server: there each verdict is by a view of its own', async () => {
    await governance.govern({ ...MODEL, artifact: GOVERNED });
    const { view } = await exportRecord(governance.context, { ...MODEL, environment: 'production' });
    const failed = { demographic_parity_within_threshold: 'failed' } as const;
    await governance.submit({ ...MODEL, artifact: GOVERNED, outcomes: failed });
    const before = await judged(GOVERNED);
    expect([before.allowed, before.status]).toEqual([false, 'failed']);
    const told = predicateOf(view);
    const anew = { ...told, body: { ...told.body, issuedAt: governance.clock.now() } } as Predicate;
    await slipIn(as('ledger', 'ledger'), anew, { artifact: fileArtifact(GOVERNED) });
    expect(await judged(GOVERNED)).toMatchObject({ allowed: false, status: 'failed' });
  });

  describe('offline, where a record tells of a failure', () => {
    let record: RecordPackage;
    beforeEach(async () => {
      await governance.govern({ ...MODEL, artifact: GOVERNED });
      const failed = { demographic_parity_within_threshold: 'failed' } as const;
      await governance.submit({ ...MODEL, artifact: GOVERNED, outcomes: failed });
      record = await exportRecord(governance.context, { ...MODEL, environment: 'production' });
    });

    const offline = (forged: Partial<RecordPackage>) => {
      const { policy } = governance.trust;
      const inputs = { record: { ...record, ...forged }, policy, artifact: { digest: GOVERNED } };
      const { verdict } = judgeOffline(inputs, { environment: 'production', now: governance.clock.now() });
      return { status: verdict.status, why: verdict.reasons.map(({ code }) => code), verdict };
    };

    /** The record without what speaks against the model, its checkpoint and proofs the real ones. */
    const cut = async (signs: Stolen, witnesses: Stolen | null): Promise<Partial<RecordPackage>> => {
      const { body } = predicateOf(record.view) as Extract<Predicate, { kind: 'ledger-view/v1' }>;
      const kept = body.statements.length - 2;
      const less = { ...body, statements: body.statements.slice(0, kept) };
      const view = await sign(as('ledger', signs), { kind: 'ledger-view/v1', body: less });
      const said = { artifact: GOVERNED, view: view.id, witnessedAt: body.issuedAt };
      return {
        view: view.bundle,
        statements: record.statements.slice(0, kept),
        inclusion: record.inclusion.slice(0, kept),
        ...(witnesses === null
          ? {}
          : {
              witness: (await sign(as('monitor', witnesses), { kind: 'view-witness/v1', body: said })).bundle,
            }),
      };
    };
    const sign = (signer: StatementSigner, predicate: Predicate) =>
      signStatement(signer, predicate, fileArtifact(GOVERNED));

    it('of the ledger leaves nothing out, and a verifier says what to do', async () => {
      expect(offline({}).status).toBe('failed');
      for (const witnesses of [null, 'ledger', 'worker'] as const) {
        const { why, verdict } = offline(await cut('ledger', witnesses));
        expect([verdict.allowed, why]).toEqual([false, ['view_unwitnessed']]);
        expect(verdict.reasons[0]?.resolve).toMatch(/countersign export .*, while the monitor runs/);
      }
    });

    it('of the monitor leaves nothing out either', async () => {
      expect(offline(await cut('monitor', 'monitor')).why).toEqual(['view_missing']);
      const { why } = offline({ witness: (await cut('ledger', 'monitor')).witness ?? '' });
      expect(why).toEqual(['view_unwitnessed']);
    });

    it('of the ledger and that of the monitor would: it takes both', async () => {
      expect(offline(await cut('ledger', 'monitor')).status).toBe('governed');
    });
  });

  it('of the monitor prolongs nothing that people approve, whatever it reports of the inputs', async () => {
    await governance.govern({ ...MODEL, artifact: GOVERNED });
    const { basis } = await judged(GOVERNED);
    const run = await database.db.selectFrom('runs').select('id').executeTakeFirstOrThrow();
    governance.clock.advance(100 * DAY);
    const now = governance.clock.now();
    const report = await slipIn(as('monitor', 'monitor'), reported(now));
    await slipIn(as('monitor', 'monitor'), {
      kind: 'renewal/v1',
      body: {
        ...{ artifact: fileArtifact(GOVERNED), ...MODEL, runId: run.id, record: basis?.record, report },
        ...{
          number: 1,
          evidence: [],
          reason: 'nothing changed',
          renewedAt: now,
          validUntil: later(now, DAY),
        },
      },
    } as unknown as Predicate);
    const verdict = await judged(GOVERNED);
    expect([verdict.allowed, verdict.status]).toEqual([false, 'expired']);
    expect(verdict.notes).toContainEqual(expect.objectContaining({ code: 'renewal_not_counted' }));
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

it('who takes the monitor has one key: views that it judges by, witnessed by itself, count nowhere else', async () => {
  await governance.govern({ ...MODEL, artifact: GOVERNED });
  expect(SURFACES.filter((surface) => SIGNERS_OF[surface].length > 1)).toEqual([]);
  const record = await exportRecord(governance.context, { ...MODEL, environment: 'production' });
  const taken = { ...governance.context, ...ownJudgeContext(governance.context) };
  expect(await judgeArtifact(taken, { artifact: GOVERNED, environment: 'production' })).toMatchObject({
    allowed: true,
  });
  const { viewBundle, view } = await compileDossier(taken, GOVERNED);
  await expect(governance.context.witnessView(viewBundle)).rejects.toThrow('it does not verify');
  const body = { artifact: GOVERNED, view: view.id, witnessedAt: governance.clock.now() };
  const said = { kind: 'view-witness/v1', body } as const;
  const witness = await signStatement(taken.monitorSigner, said, fileArtifact(GOVERNED));
  const { policy } = governance.trust;
  const inputs = { policy, artifact: { digest: GOVERNED } };
  const question = { environment: 'production', now: governance.clock.now() };
  const judgedOf = (forged: Partial<RecordPackage>) =>
    judgeOffline({ ...inputs, record: { ...record, ...forged } }, question).verdict.allowed;
  expect(judgedOf({})).toBe(true);
  expect(judgedOf({ view: viewBundle, witness: witness.bundle })).toBe(false);
});

it('a key that has ended signs nothing as of a time when it had not', async () => {
  const run = await governance.submit({ ...MODEL, artifact: WANTED });
  const [forged] = await approvals(run);
  const then = governance.clock.now();
  governance.clock.advance(HOUR);
  const end = { validUntil: governance.clock.now() };
  Object.assign(governance.trust.policy.signers.find(({ name }) => name === 'approvals') ?? {}, end);
  await governance.submit({ ...MODEL, modelVersion: '4.1.3', artifact: GOVERNED });
  if (forged === undefined) throw new Error('nothing was forged');
  const signed = await signStatement(as('approvals', 'approvals'), forged, run.artifact);
  const backdated = database.db.transaction().execute((tx) => appendStatement(tx, signed, then));
  await expect(backdated).rejects.toMatchObject({ code: 'unavailable' });
  await slipIn(as('approvals', 'approvals'), forged);
  expect((await judged(WANTED)).allowed).toBe(false);
});

it('a stolen key of the approvals approves nothing unseen: nobody clicked, so the next tick says so', async () => {
  const lead = createLead(governance.context);
  const found = async () => {
    await reconcile({ ...governance.context, db: database.as('monitor'), sources: [] }, lead);
    const rows = await listFindings(database.db, { state: 'firing' });
    return rows.map(({ finding }) => finding).toReversed();
  };
  expect(await found()).toEqual([]);
  await governance.govern({ ...MODEL, artifact: GOVERNED });
  const run = await governance.submit({ ...MODEL, modelVersion: '4.1.3', artifact: WANTED });
  expect(await found()).toEqual([]);
  const environment = 'production';
  const ids: string[] = [];
  for (const decision of await approvals(run)) ids.push(await slipIn(as('approvals', 'approvals'), decision));
  expect((await judged(WANTED)).allowed).toBe(true);
  const unasked = ids.map((id) => ({ kind: 'unexpected_decision', severity: 'critical', entry: { id } }));
  const exported = () => exportRecord(governance.context, { ...MODEL, modelVersion: '4.1.3', environment });
  await expect(exported()).rejects.toThrow(`${ids[0]} was not its signer's to make`);
  const findings = await found();
  expect(findings).toMatchObject(unasked);
  await expect(exported()).rejects.toThrow(`${ids[0]} was not its signer's to make`);
  const refused = ids.map((statement) => ({ code: 'statement_disputed', statement }));
  expect(await judged(WANTED)).toMatchObject({ allowed: false, reasons: refused });
  expect((await judged(GOVERNED)).allowed).toBe(true);
  expect(findings[0]?.summary).toContain('in the name of lea, but no click, command or call in the inbox');
  // Who owns the tables can make the finding go, but not what the monitor remembers.
  await database.db.deleteFrom('finding_events').execute();
  await database.db.deleteFrom('findings').execute();
  expect(await found()).toMatchObject(unasked);
  const [arrival] = await database.db.selectFrom('inbox').select('id').execute();
  for (const statement of ids)
    await database.db
      .insertInto('statement_arrivals')
      .values({ statement, arrival: arrival?.id ?? '' })
      .execute();
  expect((await found()).map(({ summary }) => summary.replace(/.*but the arrival \S+ /, ''))).toEqual([
    'in the inbox came in another way',
    'in the inbox is not by cora',
  ]);
  const { policy } = governance.trust;
  policy.revoked.statements.push(...(ids as typeof policy.revoked.statements));
  expect(await found()).toEqual([]);
  await lead.release();
});

/** An equal statement has an equal id, and the ledger takes it in once. */
function altered(decision: Predicate): Predicate {
  const { expiresAt, ...body } = decision.body as { expiresAt: string };
  return { ...decision, body: { ...body, expiresAt: later(expiresAt, 1) } } as Predicate;
}
