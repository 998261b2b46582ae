import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CountersignError, type MetricsSnapshot } from '../domain/index.ts';
import { FAMILIES } from './families.ts';
import type { Family, Sample, Unit } from './family.ts';
import { DURATIONS, type DurationFamily } from './histograms.ts';

/** Seconds stay below this until the year 5138; milliseconds passed it in 1973. */
const MAX_SECONDS = 100_000_000_000;

/**
 * Turns a snapshot into series: all of it, or nothing.
 *
 * @throws CountersignError `internal` for a value that must not be exported: no safe integer, negative, milliseconds
 *   for seconds, or a second series for one set of labels
 */
export function expose(snapshot: MetricsSnapshot): Registry {
  const registry = new Registry();
  for (const family of FAMILIES) exposeFamily(registry, family, family.samples(snapshot));
  for (const family of DURATIONS) exposeDurations(registry, family, family.values(snapshot));
  return registry;
}

function exposeFamily(registry: Registry, family: Family, samples: readonly Sample[]): void {
  const { name, help, type, unit, labels } = family;
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  const seen = new Set<string>();
  const set = type === 'gauge' ? setterOf(new Gauge(options)) : adderOf(new Counter(options));
  for (const sample of samples) {
    demand(name, unit, sample.value);
    const identity = JSON.stringify(labels.map((label) => sample.labels[label]));
    if (seen.has(identity)) throw unfit(name, `two series for ${identity}`);
    seen.add(identity);
    set(sample);
  }
}

function exposeDurations(registry: Registry, family: DurationFamily, values: readonly number[]): void {
  const { name, help, buckets } = family;
  const histogram = new Histogram({ name, help, buckets: [...buckets], registers: [registry] });
  for (const value of values) {
    demand(name, 'seconds', value);
    histogram.observe(value);
  }
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
