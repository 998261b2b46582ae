import { Counter, Gauge, Registry } from 'prom-client';
import { DUTIES, type Duty } from '../domain/index.ts';

/** How a tick of the monitor went. */
export interface TickInfo {
  /** Unix time in seconds at which it ended, with its fraction. */
  readonly at: number;
  /** Seconds that pass between the beginnings of two ticks when all goes well. */
  readonly intervalSeconds: number;
  readonly durationSeconds: number;
  readonly failed: boolean;
  /** The duties that failed of one in which others were done. */
  readonly duties?: readonly Duty[];
}

/** The monitor's own health, exported by every monitor, whether it leads or not. */
export interface MonitorSeries {
  tick(info: TickInfo): void;
  leads(leads: boolean): void;
  /** Empty before the first tick: a process without a monitor says nothing of one. */
  text(): Promise<string>;
}

/** Series of a monitor that has not ticked yet. */
export function createMonitorSeries(): MonitorSeries {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const lastTick = gauge(
    'governance_monitor_last_tick_timestamp_seconds',
    'Unix time at which the last tick ended that did not fail; 0 before there was one.',
  );
  const duration = gauge('governance_monitor_tick_duration_seconds', 'How long the last tick took.');
  const interval = gauge(
    'governance_monitor_tick_interval_seconds',
    'Seconds between two ticks, as configured.',
  );
  const lag = gauge(
    'governance_monitor_tick_lag_seconds',
    'How much later than its interval after the one before the last tick began; 0 for the first.',
  );
  const leader = gauge('governance_monitor_leader', '1 while this process exports the governance series.');
  const failures = new Counter({
    name: 'governance_monitor_tick_failures_total',
    help: 'Ticks that failed.',
    registers: [registry],
  });
  const dutyFailures = new Counter({
    name: 'governance_monitor_duty_failures_total',
    help: 'Ticks in which one of the duties of the leading monitor failed, while the others were done.',
    labelNames: ['duty'],
    registers: [registry],
  });
  // An increase is seen only of what was seen before.
  for (const duty of DUTIES) dutyFailures.inc({ duty }, 0);
  let begunAt: number | null = null;
  return {
    tick: ({ at, durationSeconds, intervalSeconds, failed, duties = [] }) => {
      const now = at - durationSeconds;
      lag.set(begunAt === null ? 0 : Math.max(0, now - begunAt - intervalSeconds));
      begunAt = now;
      interval.set(intervalSeconds);
      duration.set(durationSeconds);
      for (const duty of duties) dutyFailures.inc({ duty });
      if (failed) failures.inc();
      else lastTick.set(Math.floor(at));
    },
    leads: (leads) => leader.set(Number(leads)),
    text: async () => (begunAt !== null ? registry.metrics() : ''),
  };
}
