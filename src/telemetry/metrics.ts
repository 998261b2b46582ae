import { Counter, Gauge, Registry } from 'prom-client';
import type { MetricsSnapshot } from '../domain/index.ts';
import { expose } from './exposition.ts';

/** How a tick of the monitor went. */
export interface TickInfo {
  /** Unix time in seconds at which it ended. */
  readonly at: number;
  readonly durationSeconds: number;
  readonly result: 'led' | 'followed' | 'failed';
}

/** What the process exports. Rendered from memory: a scrape asks no database. */
export interface Metrics {
  /**
   * Replaces all governance series by those of a snapshot, at once.
   * @throws CountersignError `internal` for a value that must not be exported; what was shown before stays
   */
  show(snapshot: MetricsSnapshot): void;
  /** Removes all governance series: only the leader among monitors exports them. */
  hide(): void;
  /** Tells of a tick of the monitor. */
  tick(info: TickInfo): void;
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Metrics with a registry of their own. */
export function createMetrics(): Metrics {
  const own = new Registry();
  const tick = tickMetrics(own);
  let governance: { readonly registry: Registry; text: Promise<string> | null } | null = null;
  return {
    show: (snapshot) => {
      governance = { registry: expose(snapshot), text: null };
    },
    hide: () => {
      governance = null;
    },
    tick,
    render: async () => {
      if (governance !== null) governance.text ??= governance.registry.metrics();
      const texts = await Promise.all([own.metrics(), governance?.text ?? '']);
      return { contentType: own.contentType, body: texts.filter((text) => text !== '').join('\n') };
    },
  };
}

/** The monitor's own health: exported by every monitor, leader or not. */
function tickMetrics(registry: Registry): Metrics['tick'] {
  const registers = [registry];
  const lastTick = new Gauge({
    name: 'governance_monitor_last_tick_timestamp_seconds',
    help: 'Unix time at which the last tick that did not fail ended.',
    registers,
  });
  const duration = new Gauge({
    name: 'governance_monitor_tick_duration_seconds',
    help: 'How long the last tick took.',
    registers,
  });
  const leads = new Gauge({
    name: 'governance_monitor_leader',
    help: '1 if this monitor led at its last tick: only then it exports governance series.',
    registers,
  });
  const failures = new Counter({
    name: 'governance_monitor_tick_failures_total',
    help: 'Ticks that failed.',
    registers,
  });
  return ({ at, durationSeconds, result }) => {
    duration.set(durationSeconds);
    leads.set(Number(result === 'led'));
    if (result === 'failed') failures.inc();
    else lastTick.set(at);
  };
}
