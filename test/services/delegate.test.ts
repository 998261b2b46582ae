import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory, digestOf, type Person, peopleOf } from '../../src/domain/index.ts';
import { DAY, HOUR, later, SECOND } from '../../src/lib/index.ts';
import {
  approvalStatus,
  canHelp,
  decideApproval,
  delegationsOf,
  grantDelegation,
  judgeArtifact,
  stopDelegation,
  withdrawDecision,
} from '../../src/services/index.ts';
import { decisionsOn, findApprovalRequestOfRun } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

let database: TestDatabase;
let governance: Governance;
beforeAll(async () => {
  database = await createTestDatabase();
  governance = openGovernance(database.db);
});
afterAll(() => database.close());

const PERSONS: readonly Person[] = [
  { id: 'sam', roles: [{ role: 'ml_lead' }] },
  { id: 'lea', roles: [{ role: 'ml_lead' }] },
  { id: 'cora', roles: [{ role: 'compliance_officer' }] },
  { id: 'dana', roles: [] },
  { id: 'both', roles: [{ role: 'ml_lead' }] },
];

let count = 0;
/** A high-risk model version of a test's own that waits for approval, and what can be done about it. */
async function open() {
  count += 1;
  governance.clock.advance(SECOND);
  const artifact = digestOf(`lent bytes ${count}`);
  const run = await governance.submit({ modelId: `lent-${count}`, modelVersion: '1.0.0', artifact });
  const request = await findApprovalRequestOfRun(database.db, run.id);
  if (request === null) throw new Error('nobody was asked');
  const ctx = { ...governance.context, directory: createDirectory(peopleOf(PERSONS), []) };
  const assurance = 'slack_command' as const;
  return {
    ctx,
    request,
    delegate: (delegator: string, delegate: string | null, lasts = DAY, reason: string | null = null) =>
      grantDelegation(ctx, {
        delegator,
        delegate,
        until: later(governance.clock.now(), lasts),
        reason,
        assurance,
      }),
    stop: (delegator: string) => stopDelegation(ctx, { delegator, assurance }),
    answer: (person: string, decision: 'approved' | 'rejected' = 'approved') =>
      decideApproval(ctx, {
        requestId: request.id,
        person,
        decision,
        view: request.viewDigest,
        reason: decision === 'rejected' ? 'no' : null,
        assurance: 'slack_click',
      }),
    withdraw: (person: string) => withdrawDecision(ctx, { requestId: request.id, person }),
    places: async () =>
      (await decisionsOn(database.db, request.id)).map(
        ({ person, onBehalfOf }) => `${person} for ${onBehalfOf?.person ?? person}`,
      ),
    verdict: async () => judgeArtifact(ctx, { artifact, environment: 'production' }),
    [Symbol.asyncDispose]: async () => {
      for (const { id } of PERSONS) await stopDelegation(ctx, { delegator: id, assurance });
    },
  };
}

describe('somebody who decides in another’s place', () => {
  it('covers that one’s role, and the judge sees who and for whom', async () => {
    await using story = await open();
    expect(await story.answer('dana')).toEqual({ ok: false, refusal: 'no_role' });
    expect(await story.delegate('lea', 'dana', DAY, 'on leave')).toMatchObject({ ok: true });
    expect(await canHelp(story.ctx, await approvalStatus(story.ctx, story.request.id), 'dana')).toBe(true);
    expect(await story.answer('dana')).toMatchObject({ ok: true, state: 'pending', roles: ['ml_lead'] });
    expect(await story.answer('cora')).toMatchObject({ ok: true, state: 'approved' });
    expect(await story.verdict()).toMatchObject({
      status: 'governed',
      basis: {
        approvals: expect.arrayContaining([
          expect.objectContaining({ person: 'dana', onBehalfOf: 'lea', role: 'ml_lead' }),
          expect.objectContaining({ person: 'cora', onBehalfOf: null }),
        ]),
      },
    });
  });

  it('uses up both votes: one human counts once, whoever casts it', async () => {
    await using story = await open();
    await story.delegate('lea', 'cora');
    expect(await story.answer('cora')).toMatchObject({ ok: true, roles: ['compliance_officer'] });
    expect(await story.answer('cora')).toMatchObject({ refusal: 'already_decided' });
    expect(await story.answer('lea')).toMatchObject({ ok: true, state: 'approved' });

    await using other = await open();
    await other.delegate('lea', 'dana');
    await other.answer('dana');
    expect(await other.answer('lea')).toMatchObject({ refusal: 'decided_by_other' });
  });

  it('uses their own role first, and another’s where theirs is covered already', async () => {
    await using story = await open();
    await story.delegate('cora', 'both');
    await story.answer('lea');
    expect(await story.answer('both')).toMatchObject({ ok: true, state: 'approved' });
    expect(await story.places()).toEqual(['both for cora', 'lea for lea']);
  });

  it('is refused where they, or the one in whose place they decide, submitted the model', async () => {
    await using story = await open();
    await story.delegate('sam', 'dana');
    expect(await story.answer('dana')).toMatchObject({ refusal: 'submitter_or_author' });
    await story.delegate('lea', 'sam');
    expect(await story.answer('sam')).toMatchObject({ refusal: 'submitter_or_author' });
  });

  it('decides nothing more once it is stopped or over; what was decided stands', async () => {
    await using story = await open();
    await story.delegate('lea', 'dana', HOUR);
    await story.answer('dana');
    expect(await story.stop('lea')).toMatchObject({ delegate: 'dana' });
    expect(await story.stop('lea')).toBeNull();
    expect(await story.places()).toEqual(['dana for lea']);
    await story.answer('cora');
    expect((await story.verdict()).status).toBe('governed');

    await using other = await open();
    expect(await other.answer('dana')).toMatchObject({ refusal: 'no_role' });
    await other.delegate('lea', 'dana', HOUR);
    governance.clock.advance(HOUR);
    expect(await other.answer('dana')).toMatchObject({ refusal: 'no_role' });
    expect(await delegationsOf(other.ctx, 'dana')).toEqual([]);
  });

  it('can be overruled: whoever delegated takes the decision back and decides anew', async () => {
    await using story = await open();
    await story.delegate('lea', 'dana');
    await story.answer('dana', 'rejected');
    expect(await story.withdraw('cora')).toMatchObject({ refusal: 'nothing_to_withdraw' });
    expect(await story.withdraw('lea')).toMatchObject({ ok: true, state: 'pending' });
    expect(await story.answer('lea')).toMatchObject({ ok: true });
    expect((await story.verdict()).status).toBe('pending');
  });

  it('counts no more when the trust policy revokes the delegation', async () => {
    await using story = await open();
    const result = await story.delegate('lea', 'dana');
    if (!result.ok) throw new Error(result.refusal);
    await story.answer('dana');
    await story.answer('cora');
    const { policy } = story.ctx.trust;
    const revoked = { ...policy.revoked, statements: [result.delegation.id] };
    const trust = { ...story.ctx.trust, policy: { ...policy, revoked } };
    const { artifact } = story.request.view;
    const ctx = { ...story.ctx, trust };
    expect(await judgeArtifact(ctx, { artifact: artifact.digest, environment: 'production' })).toMatchObject({
      status: 'pending',
      basis: { missingRoles: ['ml_lead'] },
    });
  });
});

describe('delegating', () => {
  it.each<[string, string, string | null, number, string]>([
    ['to nobody known', 'lea', null, DAY, 'unknown_delegate'],
    ['to oneself', 'lea', 'lea', DAY, 'oneself'],
    ['without a role', 'dana', 'cora', DAY, 'no_role'],
    ['until a time that is over', 'lea', 'dana', 0, 'over_already'],
    ['for over 30 days', 'lea', 'dana', 30 * DAY + 1, 'too_long'],
    ['by somebody unknown', 'ghost', 'dana', DAY, 'unknown_person'],
  ])('%s is refused', async (_what, delegator, delegate, lasts, refusal) => {
    await using story = await open();
    expect(await story.delegate(delegator, delegate, lasts)).toEqual({ ok: false, refusal });
  });

  it('hands on no role that was handed on', async () => {
    await using story = await open();
    await story.delegate('lea', 'dana');
    expect(await story.delegate('dana', 'cora')).toEqual({ ok: false, refusal: 'no_role' });
  });

  it('twice in the same words is one delegation; to somebody else, it takes its place', async () => {
    await using story = await open();
    const [first, again] = [await story.delegate('lea', 'dana'), await story.delegate('lea', 'dana')];
    expect(again).toEqual(first);
    await story.delegate('lea', 'both');
    // Back again within the same millisecond: another statement, which stands.
    expect(await story.delegate('lea', 'dana')).toMatchObject({ ok: true });
    governance.clock.advance(SECOND);
    expect(await delegationsOf(story.ctx, 'lea')).toMatchObject([{ delegate: 'dana' }]);
  });
});

it('lets a person decide, take it back and decide again within one millisecond', async () => {
  await using story = await open();
  await story.answer('lea');
  await story.withdraw('lea');
  expect(await story.answer('lea')).toMatchObject({ ok: true });
  await story.answer('cora');
  expect((await story.verdict()).status).toBe('governed');
});
