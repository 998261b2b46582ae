import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY, later, SECOND } from '../../src/lib/index.ts';
import {
  type Answer,
  decideApproval,
  delegationsOf,
  giveUp,
  grantDelegation,
  judgeArtifact,
  stopDelegation,
  withdrawDecision,
  withdrawRequest,
} from '../../src/services/index.ts';
import { decisionsOn, findApprovalRequestOfRun } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

// A job comes again after its answer was lost, and meanwhile its person has done something else: what they did last stands.
let database: TestDatabase;
let governance: Governance;
beforeAll(async () => {
  database = await createTestDatabase();
  governance = openGovernance(database.db);
});
afterAll(() => database.close());

let count = 0;
/** A request on a model version of a test's own, and what people do about it; what they do is named by a source. */
async function open() {
  count += 1;
  const name = { modelId: `repeated-${count}`, modelVersion: '1.0.0' };
  const { context: ctx } = governance;
  const submit = async (bytes: string) => {
    governance.clock.advance(SECOND);
    const run = await governance.submit({ ...name, artifact: digestOf(`${name.modelId} ${bytes}`) });
    const request = await findApprovalRequestOfRun(database.db, run.id);
    if (request === null) throw new Error('nobody was asked');
    return { run, request };
  };
  const { request } = await submit('first');
  const until = later(ctx.clock.now(), DAY);
  const source = (called: string) => `${name.modelId} ${called}`;
  const usual = { requestId: request.id, view: request.viewDigest, reason: null };
  return {
    ctx,
    submit,
    source,
    approve: (person: string, called: string, change: Partial<Answer> = {}) => {
      governance.clock.advance(1);
      const answer = { ...usual, person, decision: 'approved' as const, assurance: 'slack_click' as const };
      return decideApproval(ctx, { ...answer, source: source(called), ...change });
    },
    takeBack: (called: string, decision?: string) =>
      withdrawDecision(ctx, {
        ...{ requestId: request.id, person: 'lea', source: source(called) },
        ...(decision === undefined ? {} : { decision }),
      }),
    delegate: (called: string) =>
      grantDelegation(ctx, {
        ...{ delegator: 'lea', delegate: 'cora', until },
        ...{ reason: 'on leave', assurance: 'slack_command', source: source(called) },
      }),
    stop: (called: string) =>
      stopDelegation(ctx, { delegator: 'lea', assurance: 'slack_command', source: source(called) }),
    endRequest: (called: string) => withdrawRequest(ctx, { name, person: 'sam', source: source(called) }),
    deciders: async () => (await decisionsOn(database.db, request.id)).map(({ person }) => person),
    verdict: async () =>
      (await judgeArtifact(ctx, { artifact: request.view.artifact.digest, environment: 'production' }))
        .status,
  };
}

function statementOf(result: Awaited<ReturnType<typeof decideApproval>>): string {
  if (!result.ok) throw new Error(result.refusal);
  return result.statement;
}

describe('an answer that comes again', () => {
  it('is not given again after it was withdrawn, and governs nothing', async () => {
    const story = await open();
    await story.approve('cora', 'cora');
    const first = await story.approve('lea', 'click');
    expect(await story.verdict()).toBe('governed');
    await story.takeBack('withdrawal');
    expect(await story.approve('lea', 'click')).toEqual(first);
    expect(await story.deciders()).toEqual(['cora']);
    expect(await story.verdict()).toBe('pending');
  });

  it('stays refused, whatever would let it count by now', async () => {
    const story = await open();
    const early = { view: digestOf('another view') };
    expect(await story.approve('lea', 'click', early)).toEqual({ ok: false, refusal: 'view_changed' });
    expect(await story.approve('lea', 'click')).toEqual({ ok: false, refusal: 'view_changed' });
    expect(await story.approve('lea', 'second click')).toMatchObject({ ok: true });
  });

  it('at the same moment is one, and both find it', async () => {
    const story = await open();
    const [one, other] = await Promise.all([story.approve('lea', 'click'), story.approve('lea', 'click')]);
    expect(one).toMatchObject({ ok: true });
    expect(other).toEqual(one);
  });

  it('does nothing once it was given up, and is not given up once it did something', async () => {
    const story = await open();
    expect(await giveUp(story.ctx, story.source('lost'))).toBe(true);
    await expect(story.approve('lea', 'lost')).rejects.toMatchObject({ code: 'conflict' });
    expect(await giveUp(story.ctx, story.source('lost'))).toBe(true);
    await story.approve('lea', 'click');
    expect(await giveUp(story.ctx, story.source('click'))).toBe(false);
  });
});

describe('a withdrawal', () => {
  it('that comes again leaves alone what was decided anew', async () => {
    const story = await open();
    const first = statementOf(await story.approve('lea', 'click'));
    const withdrawn = await story.takeBack('withdrawal', first);
    await story.approve('lea', 'second click');
    expect(await story.takeBack('withdrawal', first)).toEqual(withdrawn);
    expect(await story.deciders()).toEqual(['lea']);
  });

  it('by the button of an old receipt takes back no newer decision', async () => {
    const story = await open();
    const first = statementOf(await story.approve('lea', 'click'));
    await story.takeBack('withdrawal', first);
    await story.approve('lea', 'second click');
    const old = await story.takeBack('old receipt', first);
    expect(old).toEqual({ ok: false, refusal: 'nothing_to_withdraw' });
    expect(await story.deciders()).toEqual(['lea']);
  });

  it('of a request, come again, ends no newer one, be it done or refused the first time', async () => {
    const story = await open();
    expect(await story.endRequest('done')).toEqual({ ok: true });
    expect(await story.endRequest('refused')).toEqual({ ok: false, refusal: 'not_open' });
    const { request } = await story.submit('second');
    expect(await story.endRequest('done')).toEqual({ ok: true });
    expect(await story.endRequest('refused')).toEqual({ ok: false, refusal: 'not_open' });
    expect((await findApprovalRequestOfRun(database.db, request.runId))?.supersededAt).toBeNull();
  });
});

describe('a delegation', () => {
  it('that comes again after it was stopped stays stopped, and so does one in the same words', async () => {
    const story = await open();
    const first = await story.delegate('order');
    expect(await story.delegate('same words')).toEqual(first);
    await story.stop('stop');
    for (const called of ['order', 'same words'])
      expect(await story.delegate(called)).toMatchObject({ ok: true, delegation: { delegate: 'cora' } });
    expect(await delegationsOf(story.ctx, 'lea')).toEqual([]);
  });

  it('is not ended by an earlier order to stop', async () => {
    const story = await open();
    expect(await story.stop('nothing to stop')).toBeNull();
    await story.delegate('order');
    governance.clock.advance(SECOND);
    expect(await story.stop('nothing to stop')).toBeNull();
    expect(await delegationsOf(story.ctx, 'lea')).toHaveLength(1);
    await story.stop('stop');
  });
});
