import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { AlertChannel, StormAlert } from '../../src/domain/index.ts';
import { MINUTE } from '../../src/lib/index.ts';
import { deliverStorm, escalateFindings } from '../../src/services/index.ts';
import { insertStorm, type Tx } from '../../src/storage/index.ts';
import { alertingIn, policyOf } from '../support/alerting.ts';
import { openWatched, type Watched } from './watched.ts';

/** More than a statement of Postgres has parameters. */
const MANY = 70_000;

/** As many firing findings as that, all of one storm, each like one that a look found; the oldest first. */
async function fillStorm(watched: Watched) {
  watched.place.deploy('eu', 'fraud-detection@4.1.2');
  await watched.tick();
  const { db } = watched.database;
  await sql`insert into findings (key, kind, severity, state, finding, fired_at)
    select key || n, kind, severity, state, jsonb_set(finding, '{key}', to_jsonb(key || n)), fired_at
    from findings, generate_series(2, ${MANY}::int) as n`.execute(db);
  await sql`insert into finding_events (finding, kind, detail, at)
    select id, 'fired', '{"kind": "fired"}', fired_at from findings
    where not exists (select 1 from finding_events where finding = findings.id)`.execute(db);
  const { rows } = await sql<{ id: number }>`select id from findings order by id`.execute(db);
  const ids = rows.map(({ id }) => id);
  const storm = await insertStorm(db as Tx, { kind: null, beganAt: watched.governance.clock.now() }, ids);
  return { db, ids, storm };
}

it('70,000 findings are told in the message of their storm, and escalated where nobody has acknowledged them', async () => {
  await using watched = await openWatched();
  const { db, ids, storm } = await fillStorm(watched);
  let shown: readonly StormAlert[] = [];
  const channel: AlertChannel = {
    deliver: async () => null,
    tell: async () => null,
    deliverStorm: async ({ alerts }) => {
      shown = alerts;
      return null;
    },
  };
  const levels = [{ severity: 'critical', after: 15 * MINUTE, to: ['slack'], people: ['mira'] }] as const;
  const alerting = { ...alertingIn('C1', channel), policy: policyOf(['slack'], { levels }) };
  const context = { ...watched.context, alerting };
  await deliverStorm(context, storm);
  expect(shown).toHaveLength(MANY);
  const told = sql`select receiver, count(told_at)::int as told from alert_deliveries group by receiver`;
  expect((await told.execute(db)).rows).toEqual([{ receiver: 'slack', told: MANY }]);

  watched.governance.clock.advance(15 * MINUTE - 1);
  expect(await escalateFindings(context)).toBe(0);
  await sql`insert into finding_events (finding, kind, detail, at)
    select id, 'acknowledged', '{"kind": "acknowledged"}', fired_at from findings where id > ${ids[2]}`.execute(
    db,
  );
  watched.governance.clock.advance(1);
  expect(await escalateFindings(context)).toBe(3);
  expect(await escalateFindings(context), 'a quiet tick').toBe(0);
}, 120_000);
