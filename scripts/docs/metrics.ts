import { EMPTY_SNAPSHOT } from '../../src/domain/index.ts';
import { FAMILIES } from '../../src/telemetry/families.ts';
import { createMetrics } from '../../src/telemetry/index.ts';
import { code, page, table } from './markdown.ts';

/** A family as a scrape tells it. */
interface Scraped {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

/** The page about metrics, from what the registry itself exports. */
export async function metricsPage(): Promise<string> {
  const text = await scrape();
  const rows = scraped(text).map(({ name, type, help }) => {
    const family = FAMILIES.find((one) => one.name === name);
    const labels = (family?.labels ?? []).map(code).join(' ');
    return [code(name), type, labels, `${help}${buckets(name, text)}`];
  });
  return page(
    '# Metrics',
    'What `/metrics` of a process with the monitor exports. `governance_*` and `model_*` series come from the leader alone; `governance_monitor_*` from every monitor. The series are those of the last tick: a scrape asks no database. [deploy/prometheus/governance-rules.yaml](../../deploy/prometheus/governance-rules.yaml) holds the alert rules.',
    table(['metric', 'type', 'labels', 'means'], rows),
    'A hash of 52 bits is a number that a float64 holds exactly; it tells a swap from no swap, and is no proof. The monitor itself compares whole digests.',
  );
}

async function scrape(): Promise<string> {
  const metrics = createMetrics();
  metrics.tick({ at: 0, durationSeconds: 0, intervalSeconds: 30, failed: false });
  metrics.show(EMPTY_SNAPSHOT);
  return (await metrics.render()).body;
}

function scraped(text: string): Scraped[] {
  return [...text.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\S+)$/gm)].map(
    ([, name = '', help = '', type = '']) => ({ name, type, help }),
  );
}

function buckets(name: string, text: string): string {
  const bounds = [...text.matchAll(/^(\w+)_bucket\{le="([^"]+)"\}/gm)].filter(
    ([, family]) => family === name,
  );
  return bounds.length === 0 ? '' : ` Buckets, in seconds: ${bounds.map(([, , le]) => le).join(', ')}.`;
}
