import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import {
  type AlertLevel,
  dueLevels,
  type FindingStep,
  type Instant,
  rankedLevels,
  type Severity,
} from '../../src/domain/index.ts';
import { later, MINUTE } from '../../src/lib/index.ts';
import { findingEvents, findingsById, unansweredFindings } from '../../src/storage/index.ts';
import { createTestDatabase } from '../support/database.ts';

const FIRED: Instant = '2026-11-23T12:00:00.000Z';
const at = (minutes: number) => later(FIRED, minutes * MINUTE);

const level = (severity: Severity, minutes: number): AlertLevel => ({
  severity,
  after: minutes * MINUTE,
  to: [],
  people: [],
});
const POLICY = { levels: [level('critical', 15), level('warning', 20), level('critical', 5)] };

const STEP: fc.Arbitrary<FindingStep> = fc.oneof(
  fc.constantFrom<FindingStep>(
    ...(['fired', 'acknowledged', 'unmuted', 'mute_ended', 'run_asked'] as const).map((kind) => ({ kind })),
  ),
  fc.record({ kind: fc.constant('changed' as const), summary: fc.constant('x'), worse: fc.boolean() }),
  fc.record({
    kind: fc.constant('muted' as const),
    until: fc.integer({ min: 0, max: 60 }).map(at),
    reason: fc.constant('known'),
  }),
  fc.record({
    kind: fc.constant('escalated' as const),
    level: fc.integer({ min: 1, max: 2 }),
    to: fc.constant([]),
    people: fc.constant([]),
  }),
);

const LIFE = fc.record({
  severity: fc.constantFrom<Severity>('critical', 'warning'),
  state: fc.constantFrom('firing', 'firing', 'firing', 'resolved'),
  steps: fc.array(fc.record({ step: STEP, minute: fc.integer({ min: 0, max: 30 }) }), { maxLength: 5 }),
});

it('are those for which the domain finds a level due, whatever happened to them', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const lives = fc
    .sample(LIFE, { numRuns: 2000, seed: 6 })
    .map((life, index) => ({ ...life, key: `f${index}` }));
  await sql`insert into findings (key, kind, severity, state, finding, fired_at)
    select key, 'missing_record', severity, state, jsonb_build_object('severity', severity), ${FIRED}
    from jsonb_to_recordset(${JSON.stringify(lives)}::jsonb) as life (key text, severity text, state text)`.execute(
    db,
  );
  const steps = lives.flatMap(({ key, steps: taken }) =>
    taken
      .toSorted((a, b) => a.minute - b.minute)
      .map(({ step, minute }) => ({ key, step, taken: at(minute) })),
  );
  await sql`insert into finding_events (finding, kind, detail, at)
    select findings.id, step ->> 'kind', step, taken
    from rows from (jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as (key text, step jsonb, taken timestamptz))
      with ordinality as event (key, step, taken, place) join findings using (key) order by place`.execute(
    db,
  );
  const ids = (await sql<{ id: number }>`select id from findings`.execute(db)).rows.map(({ id }) => id);
  const [rows, events] = [await findingsById(db, ids), await findingEvents(db, ids)];
  for (const minute of [4, 5, 14, 15, 20, 30, 34, 45, 60]) {
    const now = at(minute);
    const due = rows.filter(({ id, firedAt, state, finding: { severity } }) => {
      const levels = dueLevels(POLICY, { severity, firedAt }, events.get(id) ?? [], now);
      return state === 'firing' && levels.length > 0;
    });
    const chosen = await unansweredFindings(db, rankedLevels(POLICY), now);
    expect(chosen, `after ${minute} minutes`).toEqual(due.map(({ id }) => id));
    if (minute >= 15) expect(chosen.length).toBeGreaterThan(100);
  }
});
