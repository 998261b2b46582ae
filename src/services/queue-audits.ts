import { checkStages, isAuditDue, type Trust } from '../domain/index.ts';
import { addToOutbox, auditsUnderWay, latestCheckAudits } from '../storage/index.ts';
import type { MonitorContext } from './context.ts';

/** Names of the checks that any registered pipeline relies on, each once. */
export function checksInUse({ pipelines }: Trust): ReadonlySet<string> {
  const stages = [...pipelines.values()].flatMap(checkStages);
  return new Set(stages.flatMap(({ checks }) => checks.map(({ name }) => name)));
}

/**
 * Asks the worker to audit each check in use whose audit is due and not under way: hostile files are for the worker to
 * read, not for the monitor. Returns how many it queued.
 */
export async function queueDueAudits(ctx: MonitorContext, hours: number): Promise<number> {
  const { db, clock, trust, checkVersions } = ctx;
  const now = clock.now();
  const latest = new Map((await latestCheckAudits(db)).map((audit) => [audit.check, audit]));
  const due = [...checksInUse(trust)].filter((check) =>
    isAuditDue(latest.get(check), checkVersions.get(check) ?? 'none', { now, hours }),
  );
  if (due.length === 0) return 0;
  return db.transaction().execute(async (tx) => {
    const underWay = await auditsUnderWay(tx);
    const asked = due.filter((check) => !underWay.has(check));
    for (const check of asked)
      await addToOutbox(tx, { queue: 'audits', name: 'audit-check', payload: { check } }, now);
    return asked.length;
  });
}
