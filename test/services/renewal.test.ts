import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeOffline } from '../../src/cli/verify/judge-offline.ts';
import { createDirectory, digestOf, ofKind, peopleOf } from '../../src/domain/index.ts';
import { DAY, HOUR, later } from '../../src/lib/index.ts';
import {
  askDueRuns,
  createLead,
  exportRecord,
  handleFinding,
  judgeArtifact,
  reconcile,
  runAgain,
} from '../../src/services/index.ts';
import { compileDossier } from '../../src/services/judge-artifact.ts';
import { renewUnasked, type Unasked } from '../../src/services/renew-unasked.ts';
import { findingEvents, listRuns, saveInputReport } from '../../src/storage/index.ts';
import { openWatched, type Watched } from './watched.ts';

const INPUTS = { code: digestOf('code'), data: digestOf('data'), config: digestOf('config') };
const CI = { subject: 'ci:build', person: 'sam' };
const LONG = 90 * DAY;

/** A model version that is deployed, and everything that a test does to it. */
interface Served {
  readonly watched: Watched;
  readonly name: { readonly modelId: string; readonly modelVersion: string };
  readonly artifact: ReturnType<typeof digestOf>;
  report(changes?: Partial<typeof INPUTS>): Promise<void>;
  advance(milliseconds: number): void;
}

let count = 0;

/** Each test has a database of its own clock's length only: the clock of a watch is never set back. */
async function serve(
  watched: Watched,
  options: { tier?: 'high_risk' | 'limited_risk'; inputs?: typeof INPUTS | Record<string, never> } = {},
): Promise<Served> {
  count += 1;
  const modelId = `model-${count}`;
  const name = { modelId, modelVersion: '1' };
  const artifact = digestOf(`bytes of ${modelId}`);
  const { tier = 'limited_risk', inputs = INPUTS } = options;
  await watched.governance.govern({ ...name, artifact, tier, inputs });
  watched.place.deploy(modelId, `${modelId}@1`, { digest: artifact });
  const { clock, pipeline, context } = watched.governance;
  return {
    watched,
    name,
    artifact,
    advance: clock.advance,
    report: (changes = {}) =>
      saveInputReport(context.db, {
        ...name,
        artifact,
        reporter: CI,
        digests: { ...INPUTS, pipeline: pipeline.digest, ...changes },
        reportedAt: clock.now(),
      }),
  };
}

const verdictOf = ({ watched, artifact, name }: Served) =>
  judgeArtifact(watched.context, { artifact, environment: 'production', name });
const saidOf = async ({ watched, artifact }: Served) => compileDossier(watched.context, artifact);
const findingOf = async ({ watched, name }: Served) =>
  (await watched.firing()).find(({ finding }) => finding.modelId === name.modelId);

describe('governance that is about to end', () => {
  let watched: Watched;
  beforeAll(async () => {
    watched = await openWatched();
  });
  afterAll(() => watched[Symbol.asyncDispose]());

  it('is renewed at the first tick at which it may be, if the inputs were reported unchanged; nobody is warned', async () => {
    const served = await serve(watched);
    served.advance(75 * DAY);
    await served.report();
    await watched.tick();
    expect((await verdictOf(served)).basis?.renewal).toBe(null);
    served.advance(1 * DAY + HOUR);
    const before = watched.governance.clock.now();
    await watched.tick();
    const { basis } = await verdictOf(served);
    expect(basis).toMatchObject({
      validUntil: later(before, LONG),
      renewal: { number: 1, renewedAt: before, until: later(before, LONG) },
    });
    expect(await findingOf(served)).toBe(undefined);
    await watched.tick();
    const { statements } = await saidOf(served);
    expect(ofKind(statements, 'renewal/v1')).toMatchObject([
      { body: { number: 1, reason: expect.stringContaining('as ci:build reported'), renewedAt: before } },
    ]);
  });

  it('is renewed once by two monitors at once, and not again after the clock went back', async () => {
    const served = await serve(watched);
    served.advance(80 * DAY);
    await served.report();
    const second = createLead(watched.context);
    const ticks = await Promise.all([watched.tick(), reconcile(watched.context, second)]);
    expect(ticks.filter(({ led }) => led)).toHaveLength(1);
    await second.release();
    const twice = await Promise.all([1, 2].map(() => renewAgain(served)));
    expect(twice.map(({ obstacles }) => obstacles.join())).toEqual([
      expect.stringContaining('can be renewed from'),
      expect.stringContaining('can be renewed from'),
    ]);
    expect(ofKind((await saidOf(served)).statements, 'renewal/v1')).toHaveLength(1);
    served.advance(-2 * DAY);
    await watched.tick();
    served.advance(2 * DAY);
    expect(ofKind((await saidOf(served)).statements, 'renewal/v1')).toHaveLength(1);
  });

  it('is warned of at 14, 7 and 1 days, by one finding that counts the days, and says why it is not renewed', async () => {
    const served = await serve(watched);
    const { clock } = watched.governance;
    served.advance(76 * DAY);
    const until = later(clock.now(), 14 * DAY);
    await watched.tick();
    const first = await findingOf(served);
    expect(first?.finding).toMatchObject({
      kind: 'approval_expiring',
      severity: 'warning',
      expiry: { until, daysLeft: 14, warning: 14, runsAt: later(until, -7 * DAY) },
    });
    expect(first?.finding.expiry?.obstacles).toEqual([
      'neither its CI nor a source has reported its current inputs',
    ]);
    await watched.deliveries();
    served.advance(3 * DAY);
    await watched.tick();
    expect(await watched.deliveries()).toContain(first?.id);
    served.advance(4 * DAY);
    await watched.tick();
    served.advance(6 * DAY);
    await watched.tick();
    const last = await findingOf(served);
    expect(last).toMatchObject({ id: first?.id, finding: { expiry: { daysLeft: 1, warning: 1 } } });
    const events = (await findingEvents(watched.database.db, [first?.id ?? 0])).get(first?.id ?? 0) ?? [];
    expect(events.map((event) => [event.kind, 'worse' in event && event.worse])).toEqual([
      ['fired', false],
      ['changed', true],
      ['changed', true],
    ]);
    expect(await warnings(watched, first?.id)).toEqual(['14', '7', '1']);
    served.advance(DAY);
    await watched.tick();
    expect((await findingOf(served))?.finding.kind).toBe('approval_expired');
    watched.place.undeploy(served.name.modelId);
  });

  it('is not renewed on changed inputs: that is kept once, and told', async () => {
    const served = await serve(watched);
    served.advance(80 * DAY);
    await served.report({ code: digestOf('new code') });
    for (let tick = 0; tick < 3; tick += 1) {
      await served.report({ code: digestOf(`newer code ${tick}`) });
      await watched.tick();
    }
    const { statements } = await saidOf(served);
    expect(ofKind(statements, 'current-inputs/v1')).toHaveLength(1);
    expect(ofKind(statements, 'renewal/v1')).toEqual([]);
    const obstacles = (await findingOf(served))?.finding.expiry?.obstacles ?? [];
    expect(obstacles.join()).toMatch(/^the code changed, as ci:build reported at /);
    await served.report();
    await watched.tick();
    expect((await verdictOf(served)).basis?.renewal?.number).toBe(1);
    watched.place.undeploy(served.name.modelId);
  });

  it('is governed by a new run, asked for once and in time, where it could not be renewed', async () => {
    const served = await serve(watched);
    served.advance(82 * DAY);
    await watched.tick();
    expect(await askDueRuns(watched.context)).toBe(0);
    served.advance(DAY);
    await watched.tick();
    expect(await askDueRuns(watched.context)).toBe(1);
    expect(await askDueRuns(watched.context)).toBe(0);
    const row = await findingOf(served);
    const events = (await findingEvents(watched.database.db, [row?.id ?? 0])).get(row?.id ?? 0) ?? [];
    const asking = events.findLast(({ kind }) => kind === 'run_asked');
    expect(asking?.person).toBe(null);
    for (let time = 0; time < 2; time += 1)
      await runAgain(
        { ...watched.governance.context },
        { findingId: row?.id ?? 0, asking: String(asking?.id) },
      );
    expect(await listRuns(watched.database.db, served.name)).toMatchObject([
      { attempt: 2, state: 'queued' },
      { attempt: 1, state: 'completed' },
    ]);
    watched.place.undeploy(served.name.modelId);
  });

  it('is renewed on the word of a source too, but not against that of CI', async () => {
    const served = await serve(watched);
    const { modelId } = served.name;
    const digests = { ...INPUTS, pipeline: watched.governance.pipeline.digest };
    watched.place.deploy(modelId, `${modelId}@1`, { digest: served.artifact, inputs: digests });
    served.advance(80 * DAY);
    await served.report({ data: digestOf('more data') });
    served.advance(HOUR);
    await watched.tick();
    expect((await findingOf(served))?.finding.expiry?.obstacles).toEqual([
      expect.stringContaining('the data changed, as ci:build reported at'),
    ]);
    await served.report();
    await watched.tick();
    const { statements } = await saidOf(served);
    expect((await verdictOf(served)).basis?.renewal?.number).toBe(1);
    const reporters = ofKind(statements, 'current-inputs/v1').map(({ body }) => body.reporter.subject);
    expect(reporters.toSorted()).toEqual(['ci:build', 'ci:build', 'source:list']);
    watched.place.undeploy(modelId);
  });

  it('is not renewed on what a source said that cannot be read now, until it says so again', async () => {
    const served = await serve(watched);
    const { modelId } = served.name;
    const digests = { ...INPUTS, pipeline: watched.governance.pipeline.digest };
    const { clock, context } = watched.governance;
    watched.place.deploy(modelId, `${modelId}@1`, { digest: served.artifact, inputs: digests });
    await watched.tick();
    served.advance(80 * DAY);
    const reporter = { subject: 'source:list', person: null };
    const said = { ...served.name, artifact: served.artifact, reporter, digests };
    await saveInputReport(context.db, { ...said, reportedAt: later(clock.now(), -HOUR) });
    watched.place.lose('no route');
    await watched.tick();
    expect((await findingOf(served))?.finding.expiry?.obstacles).toEqual([
      'neither its CI nor a source has reported its current inputs',
    ]);
    watched.place.lose(null);
    await watched.tick();
    expect((await verdictOf(served)).basis?.renewal).toMatchObject({ number: 1, renewedAt: clock.now() });
    watched.place.undeploy(modelId);
  });

  it('is renewed once however many try at once, and the package of it is judged the same offline', async () => {
    const served = await serve(watched);
    served.advance(80 * DAY);
    await served.report();
    const tries = await Promise.all([1, 2, 3, 4].map(() => renewAgain(served)));
    expect(tries.map(({ verdict }) => verdict.basis?.renewal?.number)).toEqual([1, 1, 1, 1]);
    expect(ofKind((await saidOf(served)).statements, 'renewal/v1')).toHaveLength(1);
    const { context, clock, trust } = watched.governance;
    const record = await exportRecord(context, { ...served.name, environment: 'production' });
    const offline = { record, policy: trust.policy, artifact: { digest: served.artifact, bytes: 1 } };
    const later90 = later(clock.now(), 20 * HOUR);
    const judged = judgeOffline(offline, { environment: 'production', now: later90 });
    expect(judged.verdict.basis?.renewal).toEqual((await verdictOf(served)).basis?.renewal);
    expect(judged.allowed).toBe(true);
    watched.place.undeploy(served.name.modelId);
  });

  it('is put before people where the tier is high; only those whom it concerns start that', async () => {
    const served = await serve(watched, { tier: 'high_risk' });
    served.advance(80 * DAY);
    await served.report();
    await watched.tick();
    const row = await findingOf(served);
    expect(row?.finding.expiry?.obstacles).toEqual([
      'the pipeline renews nothing of the tier high_risk without asking people',
    ]);
    const press = (user: string) =>
      handleFinding(
        { ...watched.context, directory: DIRECTORY },
        {
          findingId: row?.id ?? 0,
          action: { kind: 'renew' },
          actor: { team: 'T', user },
          source: randomUUID(),
        },
      );
    expect(await press('U0NORA')).toMatchObject({ ok: false, refusal: 'may_not_renew' });
    expect(await press('U0LEA')).toMatchObject({ ok: true, event: { kind: 'run_asked', person: 'lea' } });
    expect(await press('U0SAM')).toMatchObject({ ok: false, refusal: 'run_asked' });
    watched.place.undeploy(served.name.modelId);
  });

  it('says what a submission left out, and runs nothing by itself on evidence that is too old', async () => {
    const served = await serve(watched, { inputs: {} });
    await served.report();
    served.advance(76 * DAY);
    await served.report();
    await watched.tick();
    expect((await findingOf(served))?.finding.expiry?.obstacles).toEqual([
      'its submission did not give the digest of its code, data, config',
    ]);
    const { name, artifact } = served;
    for (const days of [10, 89, 89]) {
      served.advance(days * DAY);
      await watched.governance.govern({ ...name, artifact, tier: 'limited_risk', inputs: INPUTS });
    }
    served.advance(80 * DAY);
    await served.report();
    await watched.tick();
    const expiry = (await findingOf(served))?.finding.expiry;
    expect(expiry?.runsAt).toBe(null);
    expect(expiry?.obstacles).toHaveLength(3);
    expect(expiry?.obstacles.join()).toMatch(/the evidence of model_card has been used since .* 180 days/);
    watched.place.undeploy(name.modelId);
  });
});

const DIRECTORY = createDirectory(
  peopleOf([
    { id: 'sam', roles: [] },
    { id: 'lea', roles: [{ role: 'ml_lead' }] },
    { id: 'nora', roles: [] },
  ]),
  ['sam', 'lea', 'nora'].map((id) => {
    const slack = [{ team: 'T', user: `U0${id.toUpperCase()}` }];
    return { id, name: id, slack, git: [], ci: [] };
  }),
);

/** Which warnings people were to be told of, in order. */
async function warnings({ database }: Watched, id: number | undefined) {
  const jobs = await database.db
    .selectFrom('outbox')
    .select('payload')
    .where('name', '=', 'tell-expiry')
    .orderBy('id')
    .execute();
  return jobs.flatMap(({ payload: { findingId, warning } }) => (findingId === String(id) ? [warning] : []));
}

async function renewAgain({ watched, artifact, name }: Served): Promise<Unasked> {
  return renewUnasked(watched.context, { artifact, environment: 'production', name }, new Set());
}
