import { auditChecks } from '../checks/index.ts';
import type { CheckAudit } from '../domain/index.ts';
import { insertCheckAudit } from '../storage/index.ts';
import type { AuditContext } from './context.ts';

/**
 * Runs a check on its known cases, one at a time so that runs are not kept waiting, and stores what it amounts to. Null
 * where this release has no such check.
 *
 * @throws CountersignError `unavailable` where the runner was closed meanwhile: nothing is stored then
 */
export async function auditCheck(ctx: AuditContext, check: string): Promise<CheckAudit | null> {
  const version = ctx.checkVersions.get(check);
  if (version === undefined) return null;
  const known = await ctx.knownCases();
  const checks = [{ name: check, version }];
  const auditedAt = ctx.clock.now();
  const [audit] = await auditChecks(ctx.checks, { checks, known, auditedAt, concurrency: 1 });
  if (audit === undefined) return null;
  await insertCheckAudit(ctx.db, audit);
  return audit;
}
