import { schedule } from 'node-cron';
import { CountersignError, type Logger, type MetricsSnapshot, type Processors } from '../domain/index.ts';
import {
  type AlertContext,
  deliverFinding,
  type MonitorContext,
  reconcile,
  type TickReport,
  takeSnapshot,
} from '../services/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import { cronExpression } from './schedule.ts';

/** What the monitor needs. */
export interface MonitorDeps {
  readonly context: MonitorContext & AlertContext;
  /** Seconds between ticks. */
  readonly intervalSeconds: number;
  /** The environment for which metrics are judged. */
  readonly environment: string;
  readonly metrics: Pick<Metrics, 'show' | 'hide' | 'tick'>;
  readonly logger: Logger;
}

/** Watches what is deployed. */
export interface Monitor {
  /** Makes a first tick, then one at each interval. */
  start(): Promise<void>;
  /** Makes a tick now; joins one that is going on. */
  tick(): Promise<TickReport>;
  /** Ends the schedule and waits for a tick that is going on. */
  stop(): Promise<void>;
  /** Processors of the queue `alerts`. */
  readonly processors: Processors;
}

/**
 * Makes a monitor.
 *
 * @throws CountersignError `invalid_input` for an interval that cron cannot keep
 */
export function createMonitor(deps: MonitorDeps): Monitor {
  const { context, metrics, logger } = deps;
  const expression = cronExpression(deps.intervalSeconds);
  let running: Promise<TickReport> | null = null;
  let task: ReturnType<typeof schedule> | null = null;
  const tick = () => {
    running ??= measuredTick(deps).finally(() => {
      running = null;
    });
    return running;
  };
  const quietTick = () =>
    tick().then(
      () => undefined,
      () => undefined,
    );
  return {
    start: async () => {
      task ??= schedule(expression, quietTick, {
        name: 'monitor',
        noOverlap: true,
        timezone: 'UTC',
        logger: cronLogger(logger),
      });
      await quietTick();
    },
    tick,
    stop: async () => {
      await task?.destroy();
      task = null;
      await running?.catch(() => undefined);
      metrics.hide();
    },
    processors: { 'deliver-finding': ({ findingId }) => deliverFinding(context, findingNumber(findingId)) },
  };
}

async function measuredTick(deps: MonitorDeps): Promise<TickReport> {
  const { context, metrics, logger } = deps;
  const startedAt = performance.now();
  const tell = (result: 'led' | 'followed' | 'failed') =>
    metrics.tick({
      at: Math.floor(Date.parse(context.clock.now()) / 1000),
      durationSeconds: (performance.now() - startedAt) / 1000,
      result,
    });
  try {
    const { report, snapshot } = await look(deps);
    if (snapshot === null) metrics.hide();
    else metrics.show(snapshot);
    tell(report.led ? 'led' : 'followed');
    return report;
  } catch (error) {
    metrics.hide();
    tell('failed');
    logger.error('monitor tick failed', { error });
    throw error;
  }
}

async function look({
  context,
  environment,
}: MonitorDeps): Promise<{ report: TickReport; snapshot: MetricsSnapshot | null }> {
  const report = await reconcile(context);
  return { report, snapshot: report.led ? await takeSnapshot(context, environment) : null };
}

function findingNumber(text: string | undefined): number {
  const id = Number(text);
  if (Number.isSafeInteger(id)) return id;
  throw new CountersignError('invalid_input', 'deliver-finding: expected findingId to be a number');
}

/** What node-cron has to say (missed or overlapping ticks) goes where everything else goes. */
function cronLogger(logger: Logger) {
  const say =
    (level: keyof Logger) =>
    (message: string | Error): void =>
      logger[level]('monitor schedule', {
        note: message instanceof Error ? message.message : message,
      });
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
}
