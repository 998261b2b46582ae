import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signStatement } from '../../src/attestation/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { judgeArtifact } from '../../src/services/index.ts';
import { appendStatement, findApprovalRequestOfRun } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

let database: TestDatabase;
let governance: Governance;
beforeAll(async () => {
  database = await createTestDatabase();
  governance = openGovernance(database.db);
});
afterAll(() => database.close());

const verdictOn = (artifact: ReturnType<typeof digestOf>) =>
  judgeArtifact(governance.context, { artifact, environment: 'production' });

/** An approval that the approval service's own key signed, while another one is there already. */
async function secondApproval(modelVersion: string) {
  const artifact = digestOf(modelVersion);
  const run = await governance.submit({ modelId: 'model', modelVersion, artifact });
  await governance.answer(run, 'lea', 'approved');
  const request = await findApprovalRequestOfRun(database.db, run.id);
  if (request === null) throw new Error('nobody was asked');
  const now = governance.clock.now();
  const body = {
    artifact: request.view.artifact,
    target: { type: 'approval_request' as const, id: request.id },
    ...{
      record: request.view.record,
      view: request.viewDigest,
      person: 'cora',
      roles: ['compliance_officer'],
    },
    ...{ decision: 'approved' as const, assurance: 'slack_click' as const, decidedAt: now },
    expiresAt: request.view.recordValidUntil,
  };
  const predicate = { kind: 'approval-decision/v1' as const, body };
  const { approvalSigner } = governance.context;
  return { artifact, signed: await signStatement(approvalSigner, predicate, request.view.artifact), now };
}

/** Puts it into the table by hand and into no tree. */
async function slipIn(modelVersion: string, index: number) {
  const { artifact, signed, now } = await secondApproval(modelVersion);
  const { id, kind, subject, bundle, statement } = signed;
  const row = { index, id, kind, subject, bundle, key_id: statement.keyId, recorded_at: now };
  await database.db.insertInto('ledger').values(row).execute();
  return artifact;
}

describe('the judge on the server', () => {
  it.each([0, 100])('counts no row that was only inserted, %i places behind the head', async (places) => {
    const { size } = await database.db.selectFrom('ledger_state').select('size').executeTakeFirstOrThrow();
    // Its own statements come first: three stages, record, request and one approval.
    const artifact = await slipIn(`slipped-${places}`, size + 6 + places);
    const verdict = await verdictOn(artifact);
    expect(verdict.allowed).toBe(false);
    expect(verdict.reasons.map(({ code }) => code)).toContain('not_in_ledger');
    await sql`set session_replication_role = replica; delete from ledger where index >= ${sql.lit(size + 6)};
      set session_replication_role = origin`.execute(database.db);
    expect((await verdictOn(artifact)).status).toBe('pending');
  });

  it('counts no statement that is filed as one that somebody else may append', async () => {
    const { artifact, signed, now } = await secondApproval('misfiled');
    const misfiled = { ...signed, kind: 'stage-result/v1' };
    await database.db.transaction().execute((tx) => appendStatement(tx, misfiled, now));
    const { allowed, reasons } = await verdictOn(artifact);
    expect([allowed, reasons.map(({ code }) => code)]).toEqual([
      false,
      expect.arrayContaining(['not_in_ledger']),
    ]);
  });

  it('counts no row whose time was changed, and no more once it is right again', async () => {
    const artifact = digestOf('moved');
    await governance.govern({ modelId: 'moved', modelVersion: '1', artifact });
    expect((await verdictOn(artifact)).status).toBe('governed');
    const move = (by: string) =>
      sql
        .raw(
          `set session_replication_role = replica; update ledger set recorded_at = recorded_at ${by} interval '1 second'
            where subject = '${artifact}' and kind = 'approval-decision/v1';
          set session_replication_role = origin`,
        )
        .execute(database.db);
    await move('-');
    const { allowed, reasons } = await verdictOn(artifact);
    expect([allowed, reasons.map(({ code }) => code)]).toEqual([
      false,
      expect.arrayContaining(['not_in_ledger']),
    ]);
    await move('+');
    expect((await verdictOn(artifact)).status).toBe('governed');
  });

  it('counts nothing where the tree lacks hashes', async () => {
    const artifact = digestOf('bare');
    await governance.govern({ modelId: 'bare', modelVersion: '1', artifact });
    await sql`set session_replication_role = replica; delete from ledger_nodes where level = 0;
      set session_replication_role = origin`.execute(database.db);
    expect((await verdictOn(artifact)).allowed).toBe(false);
  });
});
