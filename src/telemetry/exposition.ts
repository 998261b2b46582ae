import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CountersignError, type MetricsSnapshot } from '../domain/index.ts';
import { MINUTE, SECOND } from '../lib/index.ts';
import { FAMILIES, type Family, type Sample, type Unit } from './family.ts';

/** From a quarter of an hour to the ninety days for which governance is good; four hours are the spec's target. */
const BUCKETS = [15, 30, 60, 120, 180, 240, 480, 720, 1440, 2880, 10_080, 20_160, 43_200, 129_600].map(
  (minutes) => (minutes * MINUTE) / SECOND,
);
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
  const histogram = new Histogram({
    name: 'model_training_to_production_seconds',
    help: 'Time from the end of training to being first seen deployed and governed.',
    buckets: BUCKETS,
    registers: [registry],
  });
  for (const value of snapshot.trainingToProduction) {
    demand('model_training_to_production_seconds', 'seconds', value);
    histogram.observe(value);
  }
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
