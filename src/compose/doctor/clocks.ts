import type { Examined } from '../../cli/index.ts';
import { SECOND } from '../../lib/index.ts';
import { about } from './examined.ts';

const { ok, problem } = about('clocks');

/** Signed times and due times mean little beyond this. */
const TOLERANCE = 5 * SECOND;

/** A server's clock and ours, read at about the same moment: milliseconds since 1970. */
export interface ClockReading {
  readonly whose: string;
  readonly time: number;
  readonly here: number;
}

/** Compares the clocks that there are with the one of this machine. */
export function examineClocks(readings: readonly ClockReading[]): Examined[] {
  if (readings.length === 0) return [ok('there is no clock but the one of this machine')];
  return readings.map(({ whose, time, here }) => {
    const seconds = Math.round(Math.abs(time - here) / SECOND);
    if (Math.abs(time - here) <= TOLERANCE) return ok(`the clock of ${whose} agrees with ours`);
    const order = time > here ? 'ahead of' : 'behind';
    return problem(
      `the clock of ${whose} is ${seconds} s ${order} ours`,
      'have both synchronised (chrony, systemd-timesyncd)',
    );
  });
}
