import type { AlertChannel } from '../../src/domain/index.ts';
import { createMonitor, type Monitor } from '../../src/monitor/index.ts';
import type { AlertContext, EnforcementContext, MonitorContext } from '../../src/services/index.ts';
import { createLogger, createMetrics } from '../../src/telemetry/index.ts';
import { NO_ALERTING, NO_ENFORCEMENT } from '../support/alerting.ts';
import { seriesOf } from '../telemetry/series.ts';

/** A monitor with what it exports and what it logs. */
export interface Watch extends AsyncDisposable {
  readonly monitor: Monitor;
  /** What it exports now, by series. */
  series(): Promise<Record<string, number>>;
  /** Names of the governance series that it exports now, without its own health. */
  governance(): Promise<string[]>;
  readonly log: Record<string, unknown>[];
  /** What ticks said of the ledger's head, apart: beside these monitors no api signs it. */
  readonly heads: unknown[];
  /** How many ticks it has made as the leader. */
  led(): number;
}

export function openWatch(
  context: MonitorContext,
  {
    alerting = NO_ALERTING,
    enforcement = NO_ENFORCEMENT,
    intervalSeconds = 30,
  }: Partial<AlertContext & EnforcementContext & { intervalSeconds: number }> = {},
): Watch {
  const metrics = createMetrics();
  const log: Record<string, unknown>[] = [];
  const terms: boolean[] = [];
  const heads: unknown[] = [];
  const write = (line: string) => {
    const said = JSON.parse(line);
    if (said.message === 'no signed head of the ledger to compare and to publish') heads.push(said.trouble);
    else log.push(said);
  };
  const logger = createLogger({ level: 'debug', secrets: [], destination: { write } });
  const monitor = createMonitor({
    context: { ...context, alerting, enforcement },
    intervalSeconds,
    auditHours: 24,
    metrics,
    logger,
    whenLed: () => void terms.push(true),
  });
  const series = async () => seriesOf((await metrics.render()).body);
  return {
    monitor,
    series,
    governance: async () =>
      Object.keys(await series()).filter((name) => !name.startsWith('governance_monitor_')),
    log,
    heads,
    led: () => terms.length,
    [Symbol.asyncDispose]: () => monitor.stop(),
  };
}

/** A channel that tells of findings one by one, and nothing else. */
export function channelOf(deliver: AlertChannel['deliver']): AlertChannel {
  return { deliver, tell: async () => null, deliverStorm: async () => null };
}
