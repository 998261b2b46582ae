import { type DueLevel, dueLevels, rankedLevels } from '../domain/index.ts';
import {
  addDeliveries,
  type FindingRow,
  findingEvents,
  insertFindingEvents,
  lockFindings,
  type Tx,
  unansweredFindings,
} from '../storage/index.ts';
import type { AlertContext } from './context.ts';
import { queueNews } from './queue-news.ts';

/** What escalating takes. */
type Ctx = Pick<AlertContext, 'db' | 'clock' | 'alerting'>;

/** Findings that are escalated, and so held, in one transaction. */
const AT_ONCE = 5000;

/**
 * Has others be told of findings that nobody has acknowledged in time. Each level is taken once, whatever repeats this.
 * Returns how many levels were taken.
 */
export async function escalateFindings(ctx: Ctx): Promise<number> {
  const { db, clock, alerting } = ctx;
  const levels = rankedLevels(alerting.policy);
  if (levels.length === 0) return 0;
  const waiting = await unansweredFindings(db, levels, clock.now());
  let taken = 0;
  for (let at = 0; at < waiting.length; at += AT_ONCE) {
    const some = waiting.slice(at, at + AT_ONCE);
    taken += await db.transaction().execute((tx) => escalate(tx, ctx, some));
  }
  return taken;
}

/** Looks again while they are held: somebody may have acknowledged one meanwhile. */
async function escalate(tx: Tx, ctx: Ctx, ids: readonly number[]): Promise<number> {
  const now = ctx.clock.now();
  const firing = (await lockFindings(tx, ids)).filter(({ state }) => state === 'firing');
  const due = await dueOf(tx, ctx, firing);
  const events = due.map(({ finding, level: { level, since, to, people } }) => {
    const source = `escalation ${finding} ${level} ${since}`;
    return { finding, step: { kind: 'escalated', level, to, people } as const, source };
  });
  await insertFindingEvents(tx, events, now);
  const wanted = due.map(({ finding, level }) => ({ finding, receivers: level.to }));
  await addDeliveries(tx, wanted, now);
  const changed = [...new Set(due.map(({ finding }) => finding))];
  if (changed.length > 0) await queueNews(tx, { fired: [], changed }, now);
  return due.length;
}

/** A level that is due for a finding. */
interface Due {
  readonly finding: number;
  readonly level: DueLevel;
}

async function dueOf(tx: Tx, { alerting, clock }: Ctx, rows: readonly FindingRow[]): Promise<Due[]> {
  const ids = rows.map(({ id }) => id);
  const events = await findingEvents(tx, ids);
  const now = clock.now();
  return rows.flatMap(({ id, firedAt, finding: { severity } }) =>
    dueLevels(alerting.policy, { severity, firedAt }, events.get(id) ?? [], now).map((level) => ({
      finding: id,
      level,
    })),
  );
}
