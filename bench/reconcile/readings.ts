import type { Reading } from '../bench.ts';
import { median } from '../pairs.ts';
import { CHANGES, type Measured, type Times } from './rounds.ts';

/** Seconds, medians of the rounds. */
export function timeReadings(all: readonly Measured[], most: number): Reading[] {
  return all.flatMap(({ shown: { count, ofAVersion }, first, rounds }) => {
    const versions = Math.ceil(count / ofAVersion);
    const of = (name: string, value: number, limit: Partial<Reading> = {}): Reading => ({
      name: `${count.toLocaleString('en')} of ${versions.toLocaleString('en')} versions: ${name}`,
      value,
      unit: 's',
      ...limit,
    });
    const middle = (kind: keyof Times) => median(rounds.map((times) => times[kind]));
    return [
      of('seen for the first time', first),
      of('everything', middle('full'), count === most ? { atMost: 10 } : {}),
      of('nothing changed', middle('quiet')),
      of('nothing changed, and no source was due', middle('resting')),
      of(`${CHANGES} changed`, middle('changed')),
    ];
  });
}

/** How what ticks take grows with the deployments. @param all from the fewest on */
export function ratios(all: readonly Measured[]): Reading[] {
  const [few, middle, many] = all;
  if (few === undefined || middle === undefined || many === undefined) return [];
  const each = ({ shown }: Measured, times: Times) => times.full / shown.count;
  const linear = (more: Measured, fewer: Measured) =>
    median(
      quotients(
        more,
        fewer,
        (times) => each(more, times),
        (times) => each(fewer, times),
      ),
    );
  const within = (kind: keyof Times) =>
    median(
      quotients(
        many,
        many,
        (times) => times[kind],
        ({ full }) => full,
      ),
    );
  const resting = quotients(
    many,
    few,
    (times) => times.resting,
    (times) => times.resting,
  );
  return [
    ratio('everything: time of a deployment, most over fewest', linear(many, few), 1.3),
    ratio('everything: time of a deployment, most over fewer', linear(many, middle), 1.3),
    ratio('nothing changed, over everything', within('quiet'), 0.1),
    ratio('nothing changed and no source due, over everything', within('resting'), 0.05),
    ratio(`${CHANGES} changed, over everything`, within('changed'), 0.15),
    ratio('no source due: most over fewest', median(resting), 2),
  ];
}

/** Of each round by itself: the machine may have been slower in another. */
function quotients(
  above: Measured,
  below: Measured,
  dividend: (times: Times) => number,
  divisor: (times: Times) => number,
): number[] {
  return above.rounds.flatMap((times, at) => {
    const other = below.rounds[at];
    return other === undefined ? [] : [dividend(times) / divisor(other)];
  });
}

function ratio(name: string, value: number, atMost: number): Reading {
  return { name, value, unit: 'ratio', atMost };
}
