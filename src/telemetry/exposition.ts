import { CountersignError, DURATION_BOUNDS, type MetricsSnapshot } from '../domain/index.ts';
import { sha256Hex } from '../lib/index.ts';
import { FAMILIES } from './families.ts';
import type { Family, Sample, Unit } from './family.ts';
import { DURATIONS, type DurationFamily } from './histograms.ts';
import { LONGEST_LABEL } from './most.ts';
import { createChooser, type Shown } from './shown.ts';

/** Seconds stay below this until the year 5138; milliseconds passed it in 1973. */
const MAX_SECONDS = 100_000_000_000;

/** Turns snapshots into the text of their series. */
export interface Exposition {
  /**
   * Turns a snapshot into series, as many as there may be: all of those, or nothing. What is made of the same parts of a
   * snapshot as the last time is not written anew.
   *
   * @throws CountersignError `internal` for a value that must not be exported: no safe integer, negative, milliseconds
   *   for seconds, or a second series for one set of labels
   */
  write(snapshot: MetricsSnapshot): string;
}

/** An exposition that has written nothing yet. */
export function createExposition(): Exposition {
  const choose = createChooser();
  const writers: Write[] = [
    ...FAMILIES.map((family) => remembering(writerOf(family))),
    ...DURATIONS.map((family) => (shown: Shown) => writeDurations(family, shown)),
  ];
  return {
    write: (snapshot) => {
      const shown = choose(snapshot);
      return writers.map((write) => write(shown)).join('\n');
    },
  };
}

type Write = (shown: Shown) => string;

/** Writes anew only where something that was read the last time is another by now. */
function remembering(write: Write): Write {
  let last: { readonly read: ReadonlyMap<PropertyKey, unknown>; readonly text: string } | null = null;
  return (shown) => {
    if (last !== null && [...last.read].every(([key, value]) => Reflect.get(shown, key) === value))
      return last.text;
    const read = new Map<PropertyKey, unknown>();
    const watched = new Proxy(shown, {
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

/** Writes a family, and of what it is made in parts only those that are not the very same as before. */
function writerOf(family: Family): Write {
  const { name, help, type } = family;
  const lineOf = (sample: Sample) => writeSample(family, sample);
  const known = new WeakMap<object, readonly Line[]>();
  const linesIn = (shown: Shown): readonly Line[] => {
    if ('samples' in family) return family.samples(shown).map(lineOf);
    const ofParts = family.parts(shown).flatMap((part) => {
      const lines = known.get(part) ?? family.samplesOf(part).map(lineOf);
      known.set(part, lines);
      return lines;
    });
    return [...family.always.map(lineOf), ...ofParts];
  };
  return (shown) => {
    const lines = linesIn(shown);
    refuseTwice(family, lines);
    return [...head(name, help, type), ...lines.map(({ text }) => text), ''].join('\n');
  };
}

/** A series with its value. */
interface Line {
  readonly series: string;
  readonly text: string;
}

function writeSample({ name, unit, labels }: Family, { labels: values, value }: Sample): Line {
  demand(name, unit, value);
  const pairs = labels.flatMap((label) => {
    const text = values[label];
    return text === undefined ? [] : [`${label}="${cut(text).replace(/[\\"\n]/g, escaped)}"`];
  });
  const series = pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
  return { series, text: `${series} ${value}` };
}

/** A text that is too long keeps its beginning, and digits that tell it from others that begin so. */
function cut(text: string): string {
  if (text.length <= LONGEST_LABEL) return text;
  const digits = sha256Hex(text.toWellFormed()).slice(0, 16);
  return `${text.slice(0, LONGEST_LABEL - digits.length - 1).toWellFormed()}~${digits}`;
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}

function refuseTwice({ name }: Family, lines: readonly Line[]): void {
  const seen = new Set<string>();
  for (const { series } of lines) {
    if (seen.has(series)) throw unfit(name, `two series for ${series}`);
    seen.add(series);
  }
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function writeDurations({ name, help, durations }: DurationFamily, snapshot: MetricsSnapshot): string {
  const { count, sum, within } = durations(snapshot);
  for (const one of [count, ...within]) demand(name, 'count', one);
  demand(name, 'seconds', count === 0 ? sum : sum / count);
  const buckets = within.map((few, at) => `${name}_bucket{le="${DURATION_BOUNDS[at]}"} ${few}`);
  const lines = [...head(name, help, 'histogram'), ...buckets];
  return [
    ...lines,
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${sum}`,
    `${name}_count ${count}`,
    '',
  ].join('\n');
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
