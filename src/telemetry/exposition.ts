import { Counter, Gauge, Registry } from 'prom-client';
import { CountersignError, DURATION_BOUNDS, type MetricsSnapshot } from '../domain/index.ts';
import { FAMILIES } from './families.ts';
import type { Family, Sample, Unit } from './family.ts';
import { DURATIONS, type DurationFamily } from './histograms.ts';

/** Seconds stay below this until the year 5138; milliseconds passed it in 1973. */
const MAX_SECONDS = 100_000_000_000;

/** Turns snapshots into the text of their series. */
export interface Exposition {
  /**
   * Turns a snapshot into series: all of it, or nothing. What is made of the same parts of a snapshot as the last time is not
   * written anew.
   *
   * @throws CountersignError `internal` for a value that must not be exported: no safe integer, negative, milliseconds
   *   for seconds, or a second series for one set of labels
   */
  write(snapshot: MetricsSnapshot): Promise<string>;
}

/** An exposition that has written nothing yet. */
export function createExposition(): Exposition {
  const writers = [
    ...FAMILIES.map((family) => remembering((snapshot) => writeFamily(family, snapshot))),
    ...DURATIONS.map((family) => (snapshot: MetricsSnapshot) => writeDurations(family, snapshot)),
  ];
  return {
    write: (snapshot) => {
      const texts = writers.map((write) => write(snapshot));
      return Promise.all(texts).then((all) => all.join('\n'));
    },
  };
}

type Write = (snapshot: MetricsSnapshot) => Promise<string>;

/** Writes anew only where something that was read the last time is another by now. */
function remembering(write: Write): Write {
  let last: { readonly read: ReadonlyMap<PropertyKey, unknown>; readonly text: Promise<string> } | null =
    null;
  return (snapshot) => {
    if (last !== null && [...last.read].every(([key, value]) => Reflect.get(snapshot, key) === value))
      return last.text;
    const read = new Map<PropertyKey, unknown>();
    const watched = new Proxy(snapshot, {
      get: (target, key) => {
        const value = Reflect.get(target, key);
        read.set(key, value);
        return value;
      },
    });
    last = { read, text: write(watched) };
    return last.text;
  };
}

function writeFamily(family: Family, snapshot: MetricsSnapshot): Promise<string> {
  const { name, help, type, unit, labels } = family;
  const registry = new Registry();
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  const seen = new Set<string>();
  const set = type === 'gauge' ? setterOf(new Gauge(options)) : adderOf(new Counter(options));
  for (const sample of family.samples(snapshot)) {
    demand(name, unit, sample.value);
    const identity = JSON.stringify(labels.map((label) => sample.labels[label]));
    if (seen.has(identity)) throw unfit(name, `two series for ${identity}`);
    seen.add(identity);
    set(sample);
  }
  return registry.metrics();
}

/** By hand: of a histogram of prom-client's each value has to be told. */
function writeDurations({ name, help, durations }: DurationFamily, snapshot: MetricsSnapshot): string {
  const { count, sum, within } = durations(snapshot);
  for (const one of [count, ...within]) demand(name, 'count', one);
  demand(name, 'seconds', count === 0 ? sum : sum / count);
  const buckets = within.map((few, at) => `${name}_bucket{le="${DURATION_BOUNDS[at]}"} ${few}`);
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...buckets];
  return [
    ...lines,
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${sum}`,
    `${name}_count ${count}`,
    '',
  ].join('\n');
}

function setterOf(metric: Gauge): (sample: Sample) => void {
  return ({ labels, value }) => metric.set({ ...labels }, value);
}

function adderOf(metric: Counter): (sample: Sample) => void {
  return ({ labels, value }) => metric.inc({ ...labels }, value);
}

function demand(name: string, unit: Unit, value: number): void {
  const problem = problemWith(unit, value);
  if (problem !== null) throw unfit(name, `${value} is ${problem}`);
}

function problemWith(unit: Unit, value: number): string | null {
  if (!Number.isFinite(value) || value < 0) return 'not a number from 0 up';
  switch (unit) {
    case 'seconds':
      return value < MAX_SECONDS ? null : 'too long: are these milliseconds?';
    case 'unix_seconds':
      return Number.isSafeInteger(value) && value < MAX_SECONDS
        ? null
        : 'no Unix time in whole seconds: is it in milliseconds?';
    case 'boolean':
      return value <= 1 && Number.isInteger(value) ? null : 'neither 0 nor 1';
    case 'count':
    case 'hash':
      return Number.isSafeInteger(value) ? null : 'not an integer below 2^53';
  }
}

function unfit(name: string, problem: string): CountersignError {
  return new CountersignError('internal', `the metric ${name} cannot be exported: ${problem}`);
}
