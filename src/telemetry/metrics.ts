import { Registry } from 'prom-client';
import type { MetricsSnapshot } from '../domain/index.ts';
import { createExposition } from './exposition.ts';
import { createMonitorSeries, type TickInfo } from './monitor-series.ts';

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

/** Metrics with registries of their own; nothing is exported before a monitor has ticked. */
export function createMetrics(): Metrics {
  const monitor = createMonitorSeries();
  const exposition = createExposition();
  // Written once, when it is shown: a scrape, however many there are, only copies it.
  let shown = '';
  const render = async () => {
    const own = await monitor.text();
    const between = own === '' || shown === '' ? '' : '\n';
    // Added, not joined: what is added to a long text is not copied with it.
    return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, body: own + between + shown };
  };
  return {
    show: (snapshot) => {
      shown = exposition.write(snapshot);
      monitor.leads(true);
    },
    hide: () => {
      shown = '';
      monitor.leads(false);
    },
    tick: monitor.tick,
    render,
  };
}
