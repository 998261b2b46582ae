import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { KnownCase } from '../../src/checks/index.ts';
import { type CheckAudit, digestOf, type Outcome, TIER_CHECK } from '../../src/domain/index.ts';
import { HOUR, later, MINUTE } from '../../src/lib/index.ts';
import { auditCheck, queueDueAudit, takeSnapshot } from '../../src/services/index.ts';
import { completeJob, insertCheckAudit, latestCheckAudits } from '../../src/storage/index.ts';
import { request } from '../checks/support/runner.ts';
import { NOT_ISOLATED } from '../support/ground.ts';
import { openWatched, type Watched } from './watched.ts';

const CHECK = 'demographic_parity_within_threshold';
const IN_USE = ['model_card_schema_valid', CHECK, TIER_CHECK];
const VERSIONS = new Map(IN_USE.map((name) => [name, '1']));

const knownCase = (name: 'good' | 'bad', changed = ''): KnownCase => ({
  check: CHECK,
  name,
  kind: name,
  shows: '',
  file: `${name}/case.yaml`,
  expect: name === 'good' ? 'passed' : 'failed',
  expectMessage: null,
  request: request(CHECK, { modelId: name }),
  digest: digestOf(`${name}${changed}`),
});

/** What the worker has: the check gives these outcomes to its good and its bad case. */
function auditing({ governance }: Watched, outcomes: { good: Outcome; bad: Outcome }, changed = '') {
  const cases = [knownCase('good'), knownCase('bad', changed)];
  const run: typeof governance.context.checks.run = async ({ modelId, check }) => {
    const outcome = modelId === 'good' ? outcomes.good : outcomes.bad;
    const report = { outcome, message: outcome, problems: [], measurements: [], details: {} };
    return { result: { check, version: '1', ...report }, isolation: NOT_ISOLATED };
  };
  return {
    ...governance.context,
    checkVersions: VERSIONS,
    checks: { ...governance.context.checks, run },
    knownCases: async () => ({ cases, problems: [] }),
  };
}

const RIGHT = { good: 'passed', bad: 'failed' } as const;
const BLIND = { good: 'passed', bad: 'passed' } as const;

const audit = (watched: Watched, outcomes: { good: Outcome; bad: Outcome }, changed = '') =>
  auditCheck(auditing(watched, outcomes, changed), CHECK);

async function queued({ database: { db } }: Watched): Promise<{ id: number; check: string }[]> {
  const { rows } = await sql<{ id: number; check: string }>`
    select id, payload ->> 'check' as check from outbox
    where queue = 'audits' and name = 'audit-check' and completed_at is null order by id`.execute(db);
  return rows;
}

describe('the audits that are due', () => {
  const open = async () => {
    const watched = await openWatched();
    const context = { ...watched.context, checkVersions: VERSIONS };
    const { clock } = watched.governance;
    const ask = async () => {
      const asked: string[] = [];
      for (
        let next = await queueDueAudit(context, 24);
        next !== null;
        next = await queueDueAudit(context, 24)
      )
        asked.push(next);
      for (const { id } of await queued(watched)) await completeJob(watched.database.db, id, clock.now());
      return asked;
    };
    return { watched, context, clock, ask, [Symbol.asyncDispose]: () => watched[Symbol.asyncDispose]() };
  };
  const audited = async (watched: Watched, check: string, parts: Partial<CheckAudit> = {}) =>
    insertCheckAudit(watched.database.db, {
      check,
      version: '1',
      auditedAt: watched.governance.clock.now(),
      outcome: 'right',
      answers: [],
      gaps: [],
      ...parts,
    });

  it('are those of every check in use, one at each tick', async () => {
    await using it = await open();
    const next = () => queueDueAudit(it.context, 24);
    expect([await next(), await next(), await next(), await next()]).toEqual([...IN_USE, null]);
    expect((await queued(it.watched)).map(({ check }) => check)).toEqual(IN_USE);
  });

  it('come again after the hours, sooner while a check is not right, and for another version', async () => {
    await using it = await open();
    for (const check of IN_USE) await audited(it.watched, check);
    expect(await it.ask()).toEqual([]);
    it.clock.advance(23 * HOUR);
    await audited(it.watched, CHECK, { outcome: 'unreliable' });
    expect(await it.ask()).toEqual([]);
    it.clock.advance(HOUR);
    expect((await it.ask()).sort()).toEqual([...IN_USE].sort());
    for (const check of IN_USE) await audited(it.watched, check, { version: '0' });
    expect(await it.ask()).toEqual([]);
    it.clock.advance(5 * MINUTE);
    expect(await it.ask()).toHaveLength(3);
  });
});

describe('an audit', () => {
  it('is stored with every answer', async () => {
    await using watched = await openWatched();
    expect(await audit(watched, BLIND)).toMatchObject({ outcome: 'unreliable' });
    expect(await latestCheckAudits(watched.database.db, watched.governance.clock.now())).toEqual([
      {
        check: CHECK,
        version: '1',
        auditedAt: watched.governance.clock.now(),
        outcome: 'unreliable',
        gaps: [],
        answers: [
          expect.objectContaining({ case: 'good', fault: null }),
          expect.objectContaining({ case: 'bad', got: 'passed', fault: 'passes_what_it_should_fail' }),
        ],
      },
    ]);
  });

  it('of a check that there is not is none', async () => {
    await using watched = await openWatched();
    expect(await auditCheck(auditing(watched, RIGHT), 'gone')).toBeNull();
    expect(await latestCheckAudits(watched.database.db, watched.governance.clock.now())).toEqual([]);
  });
});

describe('what the worker stores of an audit', () => {
  const write = ({ database }: Watched, auditedAt: string, answers: unknown) =>
    sql`insert into check_audits (check_name, version, audited_at, outcome, answers, gaps, right_cases)
      values (${CHECK}, '9', ${auditedAt}, 'right', ${JSON.stringify(answers)}, '[]', '[]')`.execute(
      database.as('queue'),
    );

  it.each([[{}], [null], [[{}]], [[{ fault: 'other' }]], ['x']])(
    'and cannot be read, as %j, silences nothing: it is a finding',
    async (answers) => {
      await using watched = await openWatched();
      await write(watched, watched.governance.clock.now(), answers);
      watched.place.deploy('eu', 'fraud-detection@4.1.2');
      expect(await watched.tick()).toMatchObject({ fired: 2, failures: [] });
      const found = (await watched.firing()).find(({ finding }) => finding.kind === 'check_unreliable');
      expect(found?.finding).toMatchObject({ severity: 'critical', check: { name: CHECK, version: '9' } });
      expect(found?.finding.summary).toContain('cannot be read: answers');
      await audit(watched, RIGHT);
      await watched.tick();
      expect(await watched.kinds()).toEqual(['missing_record']);
    },
  );

  it('as of a time that is yet to come is not the newest', async () => {
    await using watched = await openWatched();
    const { clock } = watched.governance;
    await audit(watched, BLIND);
    await write(watched, later(clock.now(), HOUR), []);
    await watched.tick();
    expect(await watched.kinds()).toEqual(['check_unreliable']);
    clock.advance(HOUR);
    await watched.tick();
    expect(await watched.kinds()).toEqual([]);
  });

  it.each(['infinity', '99999-01-01'])('is not taken with the time %s', async (at) => {
    await using watched = await openWatched();
    await expect(write(watched, at, [])).rejects.toThrow('is_instant');
  });
});

describe('the finding about an unreliable check', () => {
  const govern = (watched: Watched, modelVersion: string) =>
    watched.governance.govern({ modelId: 'fraud', modelVersion, artifact: digestOf(modelVersion) });

  it('fires, names what was approved since the check last proved right, and ends when it proves right again', async () => {
    await using watched = await openWatched();
    const { clock } = watched.governance;
    await govern(watched, '1.0.0');
    clock.advance(HOUR);
    await audit(watched, RIGHT);
    const rightAt = clock.now();
    expect(await watched.tick()).toMatchObject({ fired: 0 });
    clock.advance(HOUR);
    await govern(watched, '1.1.0');
    await watched.governance.submit({
      modelId: 'fraud',
      modelVersion: '1.2.0',
      artifact: digestOf('1.2.0'),
      outcomes: { [CHECK]: 'failed' },
    });
    clock.advance(HOUR);
    await audit(watched, BLIND);
    expect(await watched.tick()).toMatchObject({ fired: 1 });
    const [row] = await watched.firing();
    expect(row?.finding).toMatchObject({
      kind: 'check_unreliable',
      severity: 'critical',
      check: { name: CHECK, version: '1' },
      affected: { since: rightAt, count: 1, names: ['fraud@1.1.0'] },
      remedy: expect.stringContaining(`countersign rerun --check ${CHECK} --since ${rightAt}`),
    });
    expect(await watched.deliveries()).toEqual([row?.id]);
    clock.advance(HOUR);
    await audit(watched, BLIND);
    await watched.tick();
    expect(await watched.deliveries()).toEqual([]);
    await audit(watched, RIGHT);
    expect(await watched.tick()).toMatchObject({ resolved: 1 });
    expect(await watched.kinds()).toEqual([]);
    expect(await watched.deliveries()).toEqual([row?.id]);
  });

  it('goes back to the first use where a new case shows what was always wrong', async () => {
    await using watched = await openWatched();
    await govern(watched, '1.0.0');
    const firstUse = watched.governance.clock.now();
    watched.governance.clock.advance(HOUR);
    await audit(watched, RIGHT);
    watched.governance.clock.advance(HOUR);
    await audit(watched, BLIND, ' that is new');
    await watched.tick();
    const [row] = await watched.firing();
    expect(row?.finding.affected).toEqual({ since: firstUse, count: 1, names: ['fraud@1.0.0'] });
    expect(row?.finding.summary).toContain('It never proved right on that');
  });

  it('goes on while a new version of the check has not been audited', async () => {
    await using watched = await openWatched();
    await audit(watched, BLIND);
    await watched.tick();
    const context = { ...watched.context, checkVersions: new Map([[CHECK, '2']]) };
    expect(await queueDueAudit(context, 24)).not.toBeNull();
    expect(await watched.tick()).toMatchObject({ fired: 0, resolved: 0 });
    expect(await watched.kinds()).toEqual(['check_unreliable']);
  });

  it('is about checks that a pipeline uses', async () => {
    await using watched = await openWatched();
    const other = { check: 'unused', version: '1', auditedAt: watched.governance.clock.now() };
    await insertCheckAudit(watched.database.db, {
      ...other,
      outcome: 'unproven',
      answers: [],
      gaps: ['none'],
    });
    await watched.tick();
    expect(await watched.kinds()).toEqual([]);
  });

  it('is seen in the metrics', async () => {
    await using watched = await openWatched();
    expect((await takeSnapshot(watched.context, watched.lead)).checks).toEqual([]);
    await audit(watched, BLIND);
    expect((await takeSnapshot(watched.context, watched.lead)).checks).toEqual([
      { name: CHECK, reliable: false },
    ]);
    await audit(watched, RIGHT);
    expect((await takeSnapshot(watched.context, watched.lead)).checks).toEqual([
      { name: CHECK, reliable: true },
    ]);
  });
});
