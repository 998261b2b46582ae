import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDirectory, digestOf, type Person, peopleOf, usedUpBy } from '../../src/domain/index.ts';
import { DAY, later, MINUTE } from '../../src/lib/index.ts';
import {
  approvalStatus,
  decideApproval,
  grantDelegation,
  judgeArtifact,
  lapseRequests,
  stopDelegation,
  withdrawDecision,
  withdrawRequest,
} from '../../src/services/index.ts';
import { type DecisionRow, decisionsOn, findApprovalRequestOfRun, findRun } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

// The same as test/domain/approval/interleaving.test.ts, but on the database, where what happens at one moment happens
// at once: answers, retries at the same moment and long after, withdrawals, delegations, the end of a request's time.
const PERSONS: readonly Person[] = [
  { id: 'sam', roles: [{ role: 'ml_lead' }] },
  { id: 'lea', roles: [{ role: 'ml_lead' }] },
  { id: 'cora', roles: [{ role: 'compliance_officer' }] },
  { id: 'both', roles: [{ role: 'ml_lead' }, { role: 'compliance_officer' }] },
  { id: 'nora', roles: [] },
];
const PEOPLE = peopleOf(PERSONS);
const BY_COMMAND = 'slack_command' as const;

let database: TestDatabase;
let governance: Governance;
beforeAll(async () => {
  database = await createTestDatabase();
  governance = openGovernance(database.db);
});
afterAll(() => database.close());

const person = fc.constantFrom(...PERSONS.map(({ id }) => id));
const act = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('approve' as const), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), person }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take_back' as const), person }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delegate' as const), person, to: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop_delegating' as const), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw_request' as const), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('look_for_lapsed' as const) }) },
  /** A job that comes again: it brings an earlier act, by its source. */
  { weight: 4, arbitrary: fc.record({ do: fc.constant('retry' as const), nth: fc.nat() }) },
);
type AnyAct = typeof act extends fc.Arbitrary<infer A> ? A : never;
type Act = Exclude<AnyAct, { do: 'retry' }>;
/** An act with the row of the inbox that brings it. */
interface Brought {
  readonly one: Act;
  readonly source: string;
}
/** What happens at one moment, and how many minutes passed before: now and then all the time that a request has. */
const moment = fc.record({
  acts: fc.array(act, { minLength: 1, maxLength: 4 }),
  after: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 30 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
});

let asked = 0;
async function ask() {
  asked += 1;
  const name = { modelId: `raced-${asked}`, modelVersion: '1.0.0' };
  const artifact = digestOf(`raced bytes ${asked}`);
  governance.clock.advance(MINUTE);
  const run = await governance.submit({ ...name, artifact });
  const request = await findApprovalRequestOfRun(database.db, run.id);
  if (request === null) throw new Error('nobody was asked');
  const ctx = { ...governance.context, directory: createDirectory(PEOPLE, []) };
  for (const { id } of PERSONS) await stopDelegation(ctx, { delegator: id, assurance: BY_COMMAND });
  return { ctx, name, artifact, run, request };
}
type Asked = Awaited<ReturnType<typeof ask>>;

interface Result {
  readonly ok: boolean;
  readonly refusal?: string;
}

async function perform({ ctx, name, request }: Asked, { one, source }: Brought): Promise<Result> {
  switch (one.do) {
    case 'approve':
    case 'reject': {
      const decision = one.do === 'approve' ? ('approved' as const) : ('rejected' as const);
      const said = { requestId: request.id, person: one.person, decision, view: request.viewDigest };
      return decideApproval(ctx, { ...said, reason: 'because', assurance: 'slack_click', source });
    }
    case 'take_back':
      return withdrawDecision(ctx, { requestId: request.id, person: one.person, source });
    case 'delegate': {
      const until = later(ctx.clock.now(), DAY);
      const wish = { delegator: one.person, delegate: one.to, until, reason: null, assurance: BY_COMMAND };
      return grantDelegation(ctx, { ...wish, source });
    }
    case 'stop_delegating':
      await stopDelegation(ctx, { delegator: one.person, assurance: BY_COMMAND, source });
      return { ok: true };
    case 'withdraw_request':
      return withdrawRequest(ctx, { name, person: one.person, source });
    case 'look_for_lapsed':
      await lapseRequests(ctx);
      return { ok: true };
  }
}

/** Told apart from the quorum's own rule: two approvals, one in each role, each by or for a holder of it. */
function coveredPlainly(decisions: readonly DecisionRow[]): boolean {
  const holds = ({ person: who, onBehalfOf, roles }: DecisionRow, role: string) =>
    roles.includes(role) &&
    PERSONS.some(
      ({ id, roles: held }) => id === (onBehalfOf?.person ?? who) && held.some((h) => h.role === role),
    );
  return decisions.some((lead) =>
    decisions.some(
      (officer) => lead !== officer && holds(lead, 'ml_lead') && holds(officer, 'compliance_officer'),
    ),
  );
}

const STATUS_OF = new Map([
  ['approved', 'governed'],
  ['rejected', 'rejected'],
]);
/** From these nothing leads back. */
const FINAL = ['withdrawn', 'superseded'];

async function expectSound({ ctx, artifact, request, run }: Asked, balance: number, before: string) {
  const decisions = await decisionsOn(database.db, request.id);
  const { state } = await approvalStatus(ctx, request.id);
  const votes = decisions.flatMap(usedUpBy);
  expect(new Set(votes).size, 'one human, one vote').toBe(votes.length);
  expect(votes, 'never who submitted').not.toContain('sam');
  expect(decisions, 'none is lost, none invented').toHaveLength(balance);
  if (state === 'approved') expect(coveredPlainly(decisions), 'people cover the roles').toBe(true);
  if (FINAL.includes(before)) expect(state, 'what has ended stays ended').toBe(before);
  const verdict = await judgeArtifact(ctx, { artifact, environment: 'production' });
  expect(verdict.status).toBe(STATUS_OF.get(state) ?? 'pending');
  const { state: runState } = (await findRun(database.db, run.id)) ?? {};
  const { lapsedAt } = (await findApprovalRequestOfRun(database.db, run.id)) ?? {};
  if (lapsedAt !== null) expect(runState, 'what has lapsed waits for nobody').toBe('failed');
  if (state === 'approved') expect(runState).toBe('completed');
  if (state === 'rejected' || FINAL.includes(state)) expect(runState).toBe('failed');
  return state;
}

/** By how much the decisions that stand are more, when this was done once. */
function weightOf({ do: deed }: Act): number {
  if (deed === 'approve' || deed === 'reject') return 1;
  return deed === 'take_back' ? -1 : 0;
}

let sources = 0;
const bring = (one: Act): Brought => ({ one, source: `inbox-${++sources}` });

/** What came of each act; whatever brings it again finds the same. */
function createPast() {
  const results = new Map<string, Result>();
  const brought: Brought[] = [];
  return {
    /** Those of a moment, each twice as what Slack sends again is, and once more as what people click again; retries of earlier ones. */
    unfold: (acts: readonly AnyAct[]): Brought[] => {
      const retried = acts.flatMap((one) =>
        one.do === 'retry' ? (brought[one.nth % brought.length] ?? []) : [],
      );
      const fresh = acts.flatMap((one) => (one.do === 'retry' ? [] : [bring(one)]));
      const again = fresh.map(({ one }) => bring(one));
      brought.push(...fresh, ...again);
      return [...fresh, ...fresh, ...again, ...retried];
    },
    /** Takes note of a result, and says by how much it changes what stands. */
    note: ({ one, source }: Brought, { ok, refusal }: Result): number => {
      const earlier = results.get(source);
      if (earlier !== undefined) expect({ ok, refusal }, 'a retry finds what came of it').toEqual(earlier);
      results.set(source, { ok, refusal } as Result);
      return ok && earlier === undefined ? weightOf(one) : 0;
    },
  };
}

it('has one outcome that the roles cover and loses no decision, whatever happens at once and in whatever order', {
  timeout: 120_000,
}, async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 3, maxLength: 8, size: 'max' }), async (moments) => {
      const story = await ask();
      const past = createPast();
      let [balance, state] = [0, 'pending'];
      for (const { acts, after } of moments) {
        const left = Date.parse(story.request.view.expiresAt) - Date.parse(governance.clock.now());
        governance.clock.advance(after === null ? Math.max(left, MINUTE) : after * MINUTE);
        const all = past.unfold(acts);
        const results = await Promise.all(all.map((brought) => perform(story, brought)));
        results.forEach((result, index) => {
          balance += past.note(all[index] as Brought, result);
        });
        state = await expectSound(story, balance, state);
        seen.add(state);
      }
    }),
    { numRuns: 25, seed: 7 },
  );
  expect([...seen].sort()).toEqual(['approved', 'lapsed', 'pending', 'rejected', 'withdrawn']);
});
