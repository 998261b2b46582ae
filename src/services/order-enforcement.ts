import { CountersignError } from '../domain/index.ts';
import { awaitLock, findEnforcement, findingsById } from '../storage/index.ts';
import type { EnforcementContext } from './context.ts';

/**
 * Tells whoever blocks traffic what is to become of a deployment's, as it stands now: to block it, or to let it through. Calls
 * about one deployment take turns, and one that is outdated tells nothing: a newer one has.
 * @throws CountersignError where it was not taken
 */
export async function orderEnforcement(ctx: EnforcementContext, id: number): Promise<void> {
  const known = await findEnforcement(ctx.db, id);
  if (known === null) return;
  await ctx.db.transaction().execute(async (tx) => {
    await awaitLock(tx, `enforcement of ${known.row.deployment}`);
    const found = await findEnforcement(tx, id);
    if (found === null || found.isOutdated || found.row.dryRun) return;
    const { hook } = ctx.enforcement;
    if (hook === null)
      throw new CountersignError('unavailable', 'nobody can be told, for enforcement.url is not given');
    const [finding] = await findingsById(tx, [found.row.finding]);
    if (finding === undefined) return;
    const { row, bundle } = found;
    const action = row.releasedAt === null ? 'block' : 'release';
    const order = { id, action, decidedAt: row.releasedAt ?? row.blockedAt, findingId: row.finding } as const;
    await hook.send({ ...order, finding: finding.finding, statement: bundle }, ctx.clock.now());
  });
}
