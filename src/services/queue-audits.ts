import { checkStages, isAuditDue, type Trust } from '../domain/index.ts';
import { addToOutbox, auditsUnderWay, latestCheckAudits } from '../storage/index.ts';
import type { MonitorContext } from './context.ts';

/** Names of the checks that any registered pipeline relies on, each once. */
export function checksInUse({ pipelines }: Trust): ReadonlySet<string> {
  const stages = [...pipelines.values()].flatMap(checkStages);
  return new Set(stages.flatMap(({ checks }) => checks.map(({ name }) => name)));
}

/**
 * Asks the worker to audit a check in use whose audit is due and not under way: hostile files are for the worker to read,
 * not for the monitor. One at each tick, so that the audits of many checks keep no run waiting.
 *
 * @param hours between two audits of a check that is right
 * @returns the check, or null where no audit is due
 */
export async function queueDueAudit(ctx: MonitorContext, hours: number): Promise<string | null> {
  const { db, clock, trust, checkVersions } = ctx;
  const now = clock.now();
  const latest = new Map((await latestCheckAudits(db, now)).map((audit) => [audit.check, audit]));
  const due = [...checksInUse(trust)].filter((check) =>
    isAuditDue(latest.get(check), checkVersions.get(check) ?? 'none', { now, hours }),
  );
  if (due.length === 0) return null;
  return db.transaction().execute(async (tx) => {
    const underWay = await auditsUnderWay(tx);
    const next = due.find((check) => !underWay.has(check)) ?? null;
    if (next !== null)
      await addToOutbox(tx, { queue: 'audits', name: 'audit-check', payload: { check: next } }, now);
    return next;
  });
}
