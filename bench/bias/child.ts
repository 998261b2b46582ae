import { readFile } from 'node:fs/promises';
import { demographicParityWithinThreshold } from '../../src/checks/bias-and-fairness/demographic-parity-within-threshold.ts';
import { disparateImpactRatioAboveMinimum } from '../../src/checks/bias-and-fairness/disparate-impact-ratio-above-minimum.ts';
import { equalisedOddsWithinThreshold } from '../../src/checks/bias-and-fairness/equalised-odds-within-threshold.ts';
import type { CheckFile } from '../../src/checks/index.ts';
import { byHand, type CheckName, type Rates } from './by-hand.ts';
import { parametersOf } from './parameters.ts';

/** What one process measured. Seconds are those of the work alone, with opening the database and without start-up. */
export interface Measured {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly rates: Rates;
}

const CHECKS = [
  demographicParityWithinThreshold,
  equalisedOddsWithinThreshold,
  disparateImpactRatioAboveMinimum,
];

const [who = '', check = '', path = '', digest = ''] = process.argv.slice(2);
const file = { path, digest } as CheckFile;
// Both sides find the code that they need loaded.
await Promise.all([
  import('../../src/checks/predictions/table.ts'),
  import('../../src/checks/predictions/decisions.ts'),
]);
const start = performance.now();
const rates = who === 'hand' ? await byHand(check as CheckName, path) : await byCheck(check as CheckName);
const seconds = (performance.now() - start) / 1000;
const measured: Measured = { seconds, peakMiB: await peakMiB(), rates };
console.log(JSON.stringify(measured));

async function byCheck(name: CheckName): Promise<Rates> {
  const report = await CHECKS.find((each) => each.name === name)?.run({
    modelId: 'bench',
    modelVersion: '1.0.0',
    artifact: file,
    evidence: new Map([['predictions', file]]),
    parameters: parametersOf(name),
    passedChecks: [],
    now: '2026-11-23T10:00:00.000Z',
  });
  const comparisons = report?.details['comparisons'] as Comparison[] | undefined;
  if (comparisons === undefined) throw new Error(`${name}: ${report?.message}`);
  return Object.fromEntries(
    comparisons.flatMap(({ attribute, groups }) =>
      groups.flatMap(({ group, ...rest }) =>
        Object.entries(rest)
          .filter(([key]) => key.endsWith('_rate'))
          .map(([key, rate]) => [
            `${attribute}: ${group}: ${key.replace(/_rate$/, '')}`,
            (rate as Rate).value,
          ]),
      ),
    ),
  );
}

interface Rate {
  readonly value: number;
}

interface Comparison {
  readonly attribute: string;
  readonly groups: readonly ({ readonly group: string } & Readonly<Record<string, unknown>>)[];
}

/** The most memory that was resident at once, as the kernel counts it for this program alone. */
async function peakMiB(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kib ?? process.resourceUsage().maxRSS) / 1024;
}
