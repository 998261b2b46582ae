import { type Bench, isKept, type Reading } from './bench.ts';

/** The readings of a bench as lines for a person. */
export function lines({ name }: Bench, readings: readonly Reading[], judged: boolean): string[] {
  const width = Math.max(...readings.map((reading) => reading.name.length));
  return [
    `bench ${name}${judged ? '' : ' (scaled: its limits are for the full size, and are not judged)'}`,
    ...readings.map(
      (reading) => `  ${reading.name.padEnd(width)}  ${valueText(reading)}${verdict(reading, judged)}`,
    ),
  ];
}

function valueText({ value, unit }: Reading): string {
  switch (unit) {
    case 'ratio':
      return `${value.toFixed(2)}×`;
    case 's':
      return `${value.toFixed(3)} s`;
    case 'MiB':
      return `${value.toFixed(0)} MiB`;
    case 'rows':
      return `${value}`;
    case '/s':
      return `${value.toFixed(0)}/s`;
  }
}

function verdict(reading: Reading, judged: boolean): string {
  const { atMost, atLeast, unit } = reading;
  if (atMost === undefined && atLeast === undefined) return '';
  const limit = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  const word = !judged ? 'wanted' : isKept(reading) ? 'kept' : 'NOT KEPT';
  return ` (${word}: ${limit}${unit === 'ratio' ? '×' : ` ${unit}`})`;
}
