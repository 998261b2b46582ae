import {
  askDueRuns,
  beginRouting,
  endOutdatedRequests,
  enforceFindings,
  escalateFindings,
  escalateRequests,
  followOverrides,
  headTrouble,
  type Lead,
  lapseRequests,
  noticeOverDelegations,
  queueCheckpoint,
  queueDueAudit,
  queuePublishing,
  queueUntoldFindings,
  reconcile,
  routeNewFindings,
  type TickReport,
  takeSnapshot,
  tellStormsApart,
  wakeMuted,
} from '../services/index.ts';
import type { MonitorDeps } from './deps.ts';

/** Makes ticks, one at a time. */
export interface Ticker {
  /** Makes a tick, or joins the one that is going on; rejects when it fails. */
  tick(): Promise<TickReport>;
  /** The same, but a failure is only logged and counted. */
  attempt(): Promise<void>;
  /** Waits until no tick is going on. */
  settled(): Promise<void>;
}

/**
 * One failed tick leaves shown what was shown, since a gap of one tick would end alerts that go on, unless another monitor
 * leads by now. At the second in a row nothing is shown any more: another one may lead.
 */
const FAILURES_SHOWN = 1;

/** Makes the ticker of a monitor: what it concludes is shown, logged and measured. */
export function createTicker(deps: MonitorDeps, lead: Lead): Ticker {
  let running: Promise<TickReport> | null = null;
  let failures = 0;
  let begun = false;
  const begin = async () => {
    // Whoever leads or not: the receivers of this process must be known before it tells them anything.
    if (!begun) await beginRouting(deps.context);
    begun = true;
  };
  const make = async () => {
    try {
      const report = await measured(deps, async () => {
        await begin();
        return look(deps, lead);
      });
      failures = 0;
      return report;
    } catch (error) {
      failures += 1;
      if (failures > FAILURES_SHOWN || (await anotherLeads(lead))) deps.metrics.hide();
      deps.logger.error('monitor tick failed', { failures, error });
      throw error;
    } finally {
      running = null;
    }
  };
  const tick = () => {
    running ??= make();
    return running;
  };
  const settled = async () => {
    await running?.catch(() => undefined);
  };
  const attempt = async () => {
    tick().catch(() => undefined);
    await settled();
  };
  return { tick, attempt, settled };
}

/** Where the database cannot be asked nobody knows. */
async function anotherLeads(lead: Lead): Promise<boolean> {
  try {
    return (await lead.take()) === null;
  } catch {
    return false;
  }
}

async function look(deps: MonitorDeps, lead: Lead): Promise<TickReport> {
  const { context, metrics, logger } = deps;
  const report = await reconcile(context, lead);
  if (report.led) {
    deps.whenLed();
    await conclude(deps, lead);
  } else metrics.hide();
  for (const { source, problem } of report.stale)
    logger.warn('inventory source is stale', { source, problem });
  if (report.fired > 0 || report.resolved > 0)
    logger.info('findings changed', { fired: report.fired, resolved: report.resolved });
  return report;
}

/** What the leader does besides looking: over the lead's connection, so that one who was followed meanwhile does nothing. */
async function conclude(
  { context: pooled, metrics, logger, auditHours }: MonitorDeps,
  lead: Lead,
): Promise<void> {
  const term = lead.term();
  if (term === null) return metrics.hide();
  const context = { ...pooled, db: term.db };
  await routeNewFindings(context);
  await queueUntoldFindings(context);
  await wakeMuted(context);
  await tellStormsApart(context);
  const { blocked, held, released } = await enforceFindings(context);
  if (blocked + held + released > 0) logger.warn('traffic is enforced', { blocked, held, released });
  const levels = await escalateFindings(context);
  if (levels > 0) logger.info('findings escalated', { levels });
  await queueDueAudit(context, auditHours);
  const trouble = await headTrouble(context);
  if (trouble !== null) logger.warn('no signed head of the ledger to compare and to publish', { trouble });
  await queueCheckpoint(context);
  await queuePublishing(context);
  const due = await askDueRuns(context);
  if (due > 0) logger.info('governance ends, so the pipeline is run again', { runs: due });
  const lapsed = await lapseRequests(context);
  if (lapsed > 0) logger.info('approval requests lapsed', { requests: lapsed });
  const over = await noticeOverDelegations(context);
  if (over > 0) logger.info('delegations are over', { delegations: over });
  const outdated = await endOutdatedRequests(context);
  if (outdated > 0) logger.info('approval requests can be decided no more', { requests: outdated });
  const hops = await escalateRequests(context);
  if (hops > 0) logger.info('approval requests escalated', { hops });
  const moments = await followOverrides(context);
  if (moments > 0) logger.info('overrides moved on', { moments });
  const snapshot = await takeSnapshot(context, lead);
  // Whoever was stopped for a while may have been followed by another, who exports by now.
  if (await lead.holds()) metrics.show(snapshot);
  else metrics.hide();
}

async function measured<T>(
  { context, metrics, intervalSeconds }: MonitorDeps,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const tell = (failed: boolean) =>
    metrics.tick({
      at: Date.parse(context.clock.now()) / 1000,
      durationSeconds: (performance.now() - startedAt) / 1000,
      intervalSeconds,
      failed,
    });
  try {
    const result = await work();
    tell(false);
    return result;
  } catch (error) {
    tell(true);
    throw error;
  }
}
