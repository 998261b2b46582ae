import type { Duty } from '../domain/index.ts';
import { beginRouting, type DutyFailure, type Lead, reconcile, type TickReport } from '../services/index.ts';
import { conclude } from './conclude.ts';
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

/** That duties of a tick failed, while all the others were done. */
class DutiesFailed extends Error {
  readonly failures: readonly DutyFailure[];
  /** Whether what is shown is as the tick found it all the same. */
  readonly isShown: boolean;

  constructor(failures: readonly DutyFailure[], isShown: boolean) {
    const names = failures.map(({ duty }) => duty).join(', ');
    super(`duties of the tick failed: ${names}`, { cause: failures[0]?.error });
    this.name = 'DutiesFailed';
    this.failures = failures;
    this.isShown = isShown;
  }
}

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
      failures = error instanceof DutiesFailed && error.isShown ? 0 : failures + 1;
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
  const { metrics, logger } = deps;
  const report = await reconcile(deps.context, lead);
  for (const { source, problem } of report.stale)
    logger.warn('inventory source is stale', { source, problem });
  if (report.fired > 0 || report.resolved > 0)
    logger.info('findings changed', { fired: report.fired, resolved: report.resolved });
  if (!report.led) {
    metrics.hide();
    return report;
  }
  deps.whenLed();
  const { failures, isShown } = await conclude(deps, lead);
  const all = [...report.failures, ...failures];
  if (all.length > 0) throw new DutiesFailed(all, isShown);
  return report;
}

async function measured<T>(
  { context, metrics, intervalSeconds }: MonitorDeps,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const tell = (failed: boolean, duties: readonly Duty[] = []) =>
    metrics.tick({
      at: Date.parse(context.clock.now()) / 1000,
      durationSeconds: (performance.now() - startedAt) / 1000,
      intervalSeconds,
      failed,
      duties,
    });
  try {
    const result = await work();
    tell(false);
    return result;
  } catch (error) {
    tell(true, error instanceof DutiesFailed ? error.failures.map(({ duty }) => duty) : []);
    throw error;
  }
}
