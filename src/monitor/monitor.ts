import { schedule } from 'node-cron';
import type { Logger, Processors } from '../domain/index.ts';
import { createLead, type TickReport } from '../services/index.ts';
import { createAlertCourier } from './courier.ts';
import type { MonitorDeps } from './deps.ts';
import { alertProcessors, publishingProcessors, witnessProcessors } from './processors.ts';
import { cronExpression } from './schedule.ts';
import { createTicker } from './ticker.ts';

/** Watches what is deployed. */
export interface Monitor {
  /** Makes a first tick, then one at each interval. A tick that fails, the first one too, ends nothing. */
  start(): Promise<void>;
  /** Makes a tick now, or joins the one that is going on; rejects when it fails. */
  tick(): Promise<TickReport>;
  /** Tells the receivers of alerts what is due now. Once started it does so by itself. */
  deliver(): Promise<void>;
  /** Ends the schedule, waits for a tick that is going on, gives up the lead and exports nothing more. */
  stop(): Promise<void>;
  /** Processors of the queue `alerts`. */
  readonly processors: Processors;
  /** Processors of the queue `publishing`. */
  readonly publishing: Processors;
  /** Processors of the queue `witness`. */
  readonly witness: Processors;
}

/**
 * Makes a monitor. Of several on one database, one leads at a time; the next takes over at its tick after the leader is
 * gone.
 *
 * @throws CountersignError `invalid_input` for an interval that cron cannot keep
 */
export function createMonitor(deps: MonitorDeps): Monitor {
  const expression = cronExpression(deps.intervalSeconds);
  const lead = createLead(deps.context);
  const ticker = createTicker(deps, lead);
  const courier = createAlertCourier(deps.context, deps.logger);
  let task: ReturnType<typeof schedule> | null = null;
  return {
    start: async () => {
      task ??= schedule(expression, ticker.attempt, {
        name: 'monitor',
        noOverlap: true,
        timezone: 'UTC',
        logger: cronLogger(deps.logger),
      });
      await ticker.attempt();
      courier.start();
    },
    tick: ticker.tick,
    deliver: courier.deliver,
    stop: async () => {
      await task?.destroy();
      task = null;
      await ticker.settled();
      await courier.stop();
      await lead.release();
      deps.metrics.hide();
    },
    processors: alertProcessors(deps.context, deps.logger),
    publishing: publishingProcessors(deps.context),
    witness: witnessProcessors(deps.context),
  };
}

/** What node-cron has to say, of missed and overlapping ticks, goes where everything else goes. */
function cronLogger(logger: Logger) {
  const say =
    (level: keyof Logger) =>
    (message: string | Error): void =>
      logger[level]('monitor schedule', { note: message instanceof Error ? message.message : message });
  const warn = (message: string | Error): void => say(isOverlap(message) ? 'debug' : 'warn')(message);
  return { debug: say('debug'), info: say('info'), warn, error: say('error') };
}

/** A tick that outlasts the interval is nothing to warn of: the next one makes up for it. */
function isOverlap(message: string | Error): boolean {
  return typeof message === 'string' && message.includes('overlap prevention');
}
