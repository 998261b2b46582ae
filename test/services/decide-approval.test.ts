import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory, digestOf, peopleOf } from '../../src/domain/index.ts';
import { HOUR, later } from '../../src/lib/index.ts';
import { approvalStatus, decideApproval, judgeArtifact } from '../../src/services/index.ts';
import { type ApprovalRequestRow, findApprovalRequestOfRun } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

let database: TestDatabase;
let governance: Governance;
beforeAll(async () => {
  database = await createTestDatabase();
  governance = openGovernance(database.db);
});
afterAll(() => database.close());

let count = 0;
/** A high-risk model version of a test's own, and what its deciders are asked. */
async function ask() {
  count += 1;
  const name = { modelId: `model-${count}`, modelVersion: '1.0.0' };
  const artifact = digestOf(`bytes ${count}`);
  const run = await governance.submit({ ...name, artifact });
  const request = await findApprovalRequestOfRun(database.db, run.id);
  if (request === null) throw new Error('nobody was asked');
  return { name, artifact, request };
}

const answerOf = (request: ApprovalRequestRow, person: string) => ({
  requestId: request.id,
  person,
  decision: 'approved' as const,
  view: request.viewDigest,
  reason: null,
  assurance: 'api_token' as const,
});

describe('a role that ends between two answers', () => {
  it('is missing again, and the judge says the same', async () => {
    const { name, artifact, request } = await ask();
    const until = later(governance.clock.now(), HOUR);
    const people = peopleOf([
      { id: 'lea', roles: [{ role: 'ml_lead', until }] },
      { id: 'liam', roles: [{ role: 'ml_lead' }] },
      { id: 'cora', roles: [{ role: 'compliance_officer' }] },
    ]);
    const ctx = { ...governance.context, directory: createDirectory(people, []) };
    const answer = (person: string) => decideApproval(ctx, answerOf(request, person));
    const verdict = () => judgeArtifact(ctx, { artifact, environment: 'production', name });
    expect(await answer('lea')).toMatchObject({ ok: true, state: 'pending' });
    governance.clock.advance(2 * HOUR);
    expect(await answer('cora')).toMatchObject({ ok: true, state: 'pending' });
    expect(await approvalStatus(ctx, request.id)).toMatchObject({
      state: 'pending',
      missingRoles: ['ml_lead'],
    });
    expect(await verdict()).toMatchObject({ status: 'pending', basis: { missingRoles: ['ml_lead'] } });
    expect(await answer('liam')).toMatchObject({ ok: true, state: 'approved' });
    expect((await verdict()).status).toBe('governed');
  });
});
