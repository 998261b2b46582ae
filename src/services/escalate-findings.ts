import { type AlertLevel, type DueLevel, dueLevels } from '../domain/index.ts';
import {
  addDeliveries,
  type FindingRow,
  findingEvents,
  firingFindings,
  insertFindingEvent,
  lockFinding,
  type Tx,
} from '../storage/index.ts';
import type { AlertContext } from './context.ts';
import { queueNews } from './queue-news.ts';

/** What escalating takes. */
type Ctx = Pick<AlertContext, 'db' | 'clock' | 'alerting'>;

/**
 * Has others be told of findings that nobody has acknowledged in time. Each level is taken once, whatever repeats this.
 * Returns how many levels were taken.
 */
export async function escalateFindings(ctx: Ctx): Promise<number> {
  const { levels } = ctx.alerting.policy;
  if (levels.length === 0) return 0;
  const firing = await firingFindings(ctx.db);
  const waiting = await dueIn(ctx, firing.filter(mayEscalate(levels)));
  let taken = 0;
  for (const { id } of waiting) taken += await ctx.db.transaction().execute((tx) => escalate(tx, ctx, id));
  return taken;
}

function mayEscalate(levels: readonly AlertLevel[]) {
  const severities = new Set(levels.map(({ severity }) => severity));
  return ({ finding }: FindingRow) => severities.has(finding.severity);
}

async function dueIn(ctx: Ctx, rows: readonly FindingRow[]): Promise<FindingRow[]> {
  const events = await findingEvents(
    ctx.db,
    rows.map(({ id }) => id),
  );
  return rows.filter((row) => dueOf(ctx, row, events.get(row.id) ?? []).length > 0);
}

function dueOf({ alerting, clock }: Ctx, row: FindingRow, events: Parameters<typeof dueLevels>[2]) {
  const facts = { severity: row.finding.severity, firedAt: row.firedAt };
  return dueLevels(alerting.policy, facts, events, clock.now());
}

/** Looks again under the finding's lock: somebody may have acknowledged it meanwhile. */
async function escalate(tx: Tx, ctx: Ctx, id: number): Promise<number> {
  const row = await lockFinding(tx, id);
  if (row === null || row.state !== 'firing') return 0;
  const due = dueOf(ctx, row, (await findingEvents(tx, [id])).get(id) ?? []);
  for (const level of due) await take(tx, ctx, id, level);
  if (due.length > 0) await queueNews(tx, { fired: [], changed: [id] }, ctx.clock.now());
  return due.length;
}

async function take(
  tx: Tx,
  { clock }: Ctx,
  finding: number,
  { level, since, to, people }: DueLevel,
): Promise<void> {
  const now = clock.now();
  const source = `escalation ${finding} ${level} ${since}`;
  await insertFindingEvent(tx, {
    finding,
    step: { kind: 'escalated', level, to, people },
    at: now,
    source,
  });
  await addDeliveries(tx, [{ finding, receivers: to }], now);
}
