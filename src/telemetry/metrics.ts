import { Registry } from 'prom-client';
import type { MetricsSnapshot } from '../domain/index.ts';
import { expose } from './exposition.ts';
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

/** Governance series with their text, which is written once however often it is scraped. */
interface Shown {
  readonly registry: Registry;
  text: Promise<string> | null;
}

/** Metrics with registries of their own; nothing is exported before a monitor has ticked. */
export function createMetrics(): Metrics {
  const monitor = createMonitorSeries();
  let shown: Shown | null = null;
  const render = async () => {
    if (shown !== null) shown.text ??= shown.registry.metrics();
    const texts = await Promise.all([monitor.text(), shown?.text ?? '']);
    return {
      contentType: Registry.PROMETHEUS_CONTENT_TYPE,
      body: texts.filter((text) => text !== '').join('\n'),
    };
  };
  return {
    show: (snapshot) => {
      shown = { registry: expose(snapshot), text: null };
      monitor.leads(true);
    },
    hide: () => {
      shown = null;
      monitor.leads(false);
    },
    tick: monitor.tick,
    render,
  };
}
