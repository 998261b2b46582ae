import { EMPTY_SNAPSHOT } from '../../src/domain/index.ts';
import { FAMILIES, MOST_SERIES } from '../../src/telemetry/families.ts';
import { createMetrics } from '../../src/telemetry/index.ts';
import { LONGEST_LABEL, MOST_STAGES, upTo } from '../../src/telemetry/most.ts';
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
    return [code(name), type, labels, mostOf(name, family, text), `${help}${buckets(name, text)}`];
  });
  return page(
    '# Metrics',
    'What `/metrics` of a process with the monitor exports. `governance_*` and `model_*` series come from the leader alone; `governance_monitor_*` from every monitor. The series are those of the last tick: a scrape asks no database. [deploy/prometheus/governance-rules.yaml](../../deploy/prometheus/governance-rules.yaml) holds the alert rules.',
    table(['metric', 'type', 'labels', 'series at most', 'means'], rows),
    bounds(),
    'A hash of 52 bits is a number that a float64 holds exactly; it tells a swap from no swap, and is no proof. The monitor itself compares whole digests.',
  );
}

/** How many series there may be; those that operators configure have no number. */
function mostOf(name: string, family: (typeof FAMILIES)[number] | undefined, text: string): string {
  if (family !== undefined) return family.most === null ? 'as configured' : upTo(family.most);
  return `${text.split('\n').filter((line) => new RegExp(`^${name}(_bucket|_sum|_count)?[{ ]`).test(line)).length}`;
}

function bounds(): string {
  return `Whatever sources show and tokens report, all families together have ${upTo(MOST_SERIES)} series at most, those of the monitor itself and the distributions, and one for each source, check, stage, queue and receiver that is configured. A \`sample_limit\` of 500,000 leaves room for those. A model version has all of its series or none. Those that are wrong come first, of them those that serve, and of those the ones that somebody submitted before mere names; where two are alike the name decides, so that the choice does not change from scrape to scrape. Of more than ${MOST_STAGES} missing stages the first are named. \`governance_deployments\` and \`governance_finding_firing\` leave nothing uncounted, and \`governance_*_omitted\` say how much has no series of its own. A label has ${LONGEST_LABEL} characters at most: a longer text keeps its beginning, and digits of its SHA-256.`;
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
