import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signStatement } from '../../src/attestation/index.ts';
import { digestOf, fileArtifact, type LedgerView, type SignerName } from '../../src/domain/index.ts';
import { DAY, HOUR, later, MINUTE } from '../../src/lib/index.ts';
import {
  answerWitness,
  askWitness,
  createLead,
  createWitness,
  exportRecord,
  type JudgeContext,
  reconcile,
} from '../../src/services/index.ts';
import { compileDossier } from '../../src/services/judge-artifact.ts';
import { claimDueJobs } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

const ARTIFACT = digestOf('weights');
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const WISH = { ...NAME, environment: 'production' };
let database: TestDatabase;
let governance: Governance;

beforeEach(async () => {
  database = await createTestDatabase();
  governance = openGovernance(database.db);
  // Keys are good from the beginning on, and a view may be dated before now.
  governance.clock.advance(HOUR);
  const run = await governance.submit({ ...NAME, artifact: ARTIFACT });
  await governance.answer(run, 'lea', 'approved');
  await governance.answer(run, 'cora', 'rejected');
});
afterEach(() => database.close());

async function tick(): Promise<void> {
  const context = { ...governance.context, sources: [] };
  const lead = createLead(context);
  await reconcile(context, lead);
  await lead.release();
}

/** Edits past the triggers, as only who owns the database can. */
const tamper = (text: string) =>
  database.db.connection().execute(async (own) => {
    await sql`set session_replication_role = replica`.execute(own);
    await sql.raw(text).execute(own);
    await sql`set session_replication_role = origin`.execute(own);
  });

/** A view of the ledger as it is, but for some of what it says, and by whose key it is. */
async function viewOf(
  change: (body: LedgerView) => Partial<LedgerView> = () => ({}),
  by: SignerName = 'ledger',
): Promise<string> {
  const { view } = await compileDossier(governance.context, ARTIFACT);
  const { ledgerSigner, workerSigner } = governance.context;
  const body = { ...view.body, ...change(view.body) };
  const signer = by === 'ledger' ? ledgerSigner : { ...workerSigner, sign: workerSigner.sign };
  return (await signStatement(signer, { kind: 'ledger-view/v1', body }, fileArtifact(ARTIFACT))).bundle;
}

const witness = async (view: string) => createWitness(governance.context)(view);

describe('the monitor witnesses', () => {
  it.each(['before it has a copy of the ledger', 'after'])('what is so, %s', async (when) => {
    if (when === 'after') await tick();
    await governance.submit({ ...NAME, modelVersion: '4.1.3', artifact: digestOf('others') });
    const result = governance.context.verifier.verify(await witness(await viewOf()));
    expect(result).toMatchObject({ ok: true, statement: { kind: 'view-witness/v1', subject: ARTIFACT } });
  });

  it('a view although the ledger has grown since, by what is about others', async () => {
    const view = await viewOf();
    await governance.submit({ ...NAME, modelVersion: '4.1.3', artifact: digestOf('others') });
    await tick();
    await expect(witness(view)).resolves.toContain('dsseEnvelope');
  });

  it.each<[string, string, (body: LedgerView) => Partial<LedgerView>]>([
    [
      'leaves out the newest',
      'does not list what the ledger holds',
      ({ statements }) => ({ statements: statements.slice(0, -1) }),
    ],
    [
      'leaves out one between',
      'does not list what the ledger holds',
      ({ statements }) => ({ statements: statements.toSpliced(2, 1) }),
    ],
    ['is empty', 'does not list what the ledger holds', () => ({ statements: [] })],
    [
      'names another key',
      'does not list what the ledger holds',
      ({ statements: [first, ...rest] }) => ({
        statements: first ? [{ ...first, keyId: rest.at(-1)?.keyId ?? first.keyId }, ...rest] : [],
      }),
    ],
    ['has a head of its own', 'its head is not one of the ledger', () => ({ root: '0'.repeat(64) })],
    [
      'has a head of the future',
      'its head is not one of the ledger',
      ({ treeSize }) => ({ treeSize: treeSize + 1 }),
    ],
    [
      'is to be good for long',
      'it is to be good until',
      ({ issuedAt }) => ({ validUntil: later(issuedAt, 2 * DAY) }),
    ],
    ['is over', 'was good until', ({ issuedAt }) => ({ validUntil: issuedAt })],
    [
      'is an old one',
      'set the clocks',
      ({ issuedAt }) => ({ issuedAt: later(issuedAt, -2 * MINUTE), validUntil: later(issuedAt, HOUR) }),
    ],
    [
      'is of the future',
      'dated in the future',
      ({ issuedAt }) => ({ issuedAt: later(issuedAt, 2 * MINUTE) }),
    ],
  ])('none that %s', async (_, why, change) => {
    await tick();
    await expect(witness(await viewOf(change))).rejects.toThrow(why);
  });

  it('what is so, and what is not, of several at once', async () => {
    const good = await viewOf();
    const bad = await viewOf(({ statements }) => ({ statements: statements.slice(1) }));
    const witness = createWitness(governance.context);
    const said = await Promise.allSettled([good, bad, good, bad].map(witness));
    expect(said.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  });

  it('none of before somebody said no, however it is dated', async () => {
    const artifact = digestOf('refused later');
    const run = await governance.submit({ ...NAME, modelVersion: '4.2.0', artifact });
    const { view } = await compileDossier(governance.context, artifact);
    await governance.answer(run, 'lea', 'rejected');
    const said = {
      kind: 'ledger-view/v1',
      body: { ...view.body, issuedAt: governance.clock.now() },
    } as const;
    const { bundle } = await signStatement(governance.context.ledgerSigner, said, fileArtifact(artifact));
    await expect(witness(bundle)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('has taken in something about the artifact since'),
    });
  });

  it('nothing that is no view, or by no key of the ledger', async () => {
    const [row] = await database.db.selectFrom('ledger').select('bundle').execute();
    await expect(witness(row?.bundle ?? '')).rejects.toThrow('it is a stage-result/v1');
    await expect(witness('{}')).rejects.toThrow('it does not verify');
    const signer = governance.trust.policy.signers.find(({ name }) => name === 'ledger');
    const view = await viewOf();
    Object.assign(signer ?? {}, { revoked: { from: governance.clock.now(), reason: 'stolen' } });
    await expect(witness(view)).rejects.toThrow('signed by a key that the trust policy does not allow to');
  });
});

describe('of a ledger that was tampered with the monitor witnesses nothing', () => {
  const rejection = `kind = 'approval-decision/v1' and index = (select max(index) from ledger)`;

  it.each([
    [
      'files a rejection under other bytes',
      `update ledger set subject = 'sha256:${'0'.repeat(64)}' where ${rejection}`,
    ],
    ['drops it', `delete from ledger where ${rejection}`],
    ['makes it another', `update ledger set id = '${'0'.repeat(64)}' where ${rejection}`],
  ])('by who %s, at once and before any tick tells', async (_, edit) => {
    await tamper(edit);
    const { view } = await compileDossier(governance.context, ARTIFACT);
    expect(view.body.statements.length).toBeGreaterThan(5);
    await expect(exportRecord(governance.context, WISH)).rejects.toMatchObject({ code: 'integrity' });
  });

  it('nor where a row that it knew is not as it was, though it looks right', async () => {
    await tick();
    await tamper(`update ledger set bundle = bundle || ' ' where ${rejection}`);
    await expect(exportRecord(governance.context, WISH)).rejects.toThrow(
      'written again since it was recorded',
    );
  });

  it('until what was found is over', async () => {
    await tick();
    const was = await database.db
      .selectFrom('ledger')
      .selectAll()
      .where('index', '=', 3)
      .executeTakeFirstOrThrow();
    await tamper(`update ledger set key_id = 'x' where index = 3`);
    await tick();
    await tamper(`update ledger set key_id = '${was.key_id}' where index = 3`);
    await expect(exportRecord(governance.context, WISH)).rejects.toThrow(
      'the ledger was tampered with at entry 3',
    );
    await governance.context.ledgerWatch.copy.write(
      'rows',
      Buffer.from('somebody has looked, and removed it'),
    );
    await tick();
    await expect(exportRecord(governance.context, WISH)).resolves.toMatchObject({ artifact: ARTIFACT });
  });
});

describe('the API', () => {
  const asApi = <Rest extends JudgeContext>(rest: Rest) => ({ ...rest, db: database.as('api') });
  /** What the monitor's process does with the jobs that are there. */
  const answerAll = async () => {
    const now = governance.clock.now();
    const jobs = await database.db.transaction().execute((tx) => claimDueJobs(tx, now, 50));
    const asked = jobs.filter(({ queue }) => queue === 'witness');
    const monitor = { ...governance.context, db: database.as('monitor') };
    for (const { payload } of asked) await answerWitness(monitor, payload['requestId'] ?? '');
    return asked.length;
  };
  /** An export by a process that cannot witness, while the monitor's works. */
  const exportAsked = async (witnessing: (view: string) => string = (view) => view) => {
    const context = asApi(governance.context);
    const ask = (view: string) => askWitness(context, witnessing(view));
    const wished = exportRecord({ ...context, witnessView: ask }, WISH);
    let over = false;
    const ended = wished
      .catch(() => null)
      .finally(() => {
        over = true;
      });
    await expect.poll(async () => over || (await answerAll()) > 0, { timeout: 9000 }).toBe(true);
    await ended;
    return wished;
  };

  it('asks the monitor, which answers what it would sign', async () => {
    const record = await exportAsked();
    const result = governance.context.verifier.verify(record.witness);
    expect(result).toMatchObject({ ok: true, statement: { keyId: governance.context.monitorSigner.keyId } });
  });

  it('hears why it is refused', async () => {
    await tamper(`update ledger set subject = 'sha256:${'0'.repeat(64)}' where index = 3`);
    await expect(exportAsked()).rejects.toMatchObject({
      code: 'integrity',
      message: expect.stringMatching(
        /^the monitor does not witness the ledger view: of the ledger's entry 3, /,
      ),
    });
  });

  it('says that the monitor does not answer, where it does not', async () => {
    const context = asApi(governance.context);
    const ask = (view: string) => askWitness(context, view, 1);
    await expect(exportRecord({ ...context, witnessView: ask }, WISH)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^the monitor does not answer: .*is the surface monitor running\?/),
    });
    // Answered too late, it is forgotten all the same.
    governance.clock.advance(2 * HOUR);
    expect(await answerAll()).toBe(1);
    expect(await database.db.selectFrom('witness_requests').select('id').execute()).toEqual([]);
  });

  it('hands out nothing that an offline verifier would not believe', async () => {
    const elsewhere = { ...governance.context, witnessView: async () => witness(await viewOf()) };
    await expect(exportRecord(elsewhere, WISH)).resolves.toBeDefined();
    governance.clock.advance(1000);
    const stale = await witness(await viewOf());
    governance.clock.advance(1000);
    await expect(exportRecord({ ...elsewhere, witnessView: async () => stale }, WISH)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('the monitor has witnessed another ledger view'),
    });
    const rubbish = { ...elsewhere, witnessView: async () => '{}' };
    await expect(exportRecord(rubbish, WISH)).rejects.toThrow('what the monitor signed does not verify');
  });
});
