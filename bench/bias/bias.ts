import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hashFile } from '../../src/artifact/index.ts';
import { type CheckFile, createCheckRunner } from '../../src/checks/index.ts';
import type { Bench, Reading } from '../bench.ts';
import { inTurns, secondsOf } from '../pairs.ts';
import { CHECK_NAMES, type CheckName, type Rates } from './by-hand.ts';
import type { Measured } from './child.ts';
import { parametersOf } from './parameters.ts';
import { writeRows } from './rows.ts';

const FULL_ROWS = 10_000_000;
const CHILD = join(import.meta.dirname, 'child.ts');

/**
 * The three fairness checks, against the same query written by hand. Each runs in a process of its own, the checks with
 * all that they do beside the query: hashing the file, refusing what is wrong with it, intervals, report.
 */
export const bias: Bench = {
  name: 'bias',
  summary:
    '10 M rows of Parquet, three metrics, two attributes and their intersection, against a DuckDB query by hand',
  async run({ scale, repetitions, say }) {
    const rows = Math.ceil(FULL_ROWS * scale);
    const file = await rowsFile(rows, say);
    const peaks: number[] = [];
    const ours: Rates[] = [];
    const reference: Rates[] = [];
    say(`running three checks ${repetitions} times in turns with the query`);
    const pairs = await inTurns(
      repetitions,
      () => sum(CHECK_NAMES, async (check) => kept(await measure('hand', check, file), reference)),
      () => sum(CHECK_NAMES, async (check) => kept(await measure('check', check, file), ours, peaks)),
    );
    requireSame(ours, reference);
    return [
      { name: 'time over that of the query', value: pairs.slowdown, unit: 'ratio', atMost: 1.25 },
      { name: 'three checks', value: pairs.ours, unit: 's' },
      { name: 'three queries', value: pairs.reference, unit: 's' },
      { name: 'most memory of a check', value: Math.max(...peaks), unit: 'MiB', atMost: 512 },
      { name: 'three checks in the sandbox, with start-up', value: await inSandbox(file), unit: 's' },
      { name: 'rows', value: rows, unit: 'rows' },
    ] satisfies Reading[];
  },
};

/** Made once and kept: the same rows every time. */
async function rowsFile(rows: number, say: (text: string) => void): Promise<CheckFile> {
  const folder = join(tmpdir(), 'countersign-bench');
  const path = join(folder, `bias-${rows}.parquet`);
  await mkdir(folder, { recursive: true });
  if (!(await exists(path))) {
    say(`writing ${rows} rows to ${path}`);
    await writeRows(path, rows);
  }
  return { path, digest: (await hashFile(path)).digest };
}

async function measure(
  who: 'hand' | 'check',
  check: CheckName,
  { path, digest }: CheckFile,
): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, who, check, path, digest]);
  return JSON.parse(stdout) as Measured;
}

function kept({ seconds, peakMiB, rates }: Measured, all: Rates[], peaks: number[] = []): number {
  all.push(rates);
  peaks.push(peakMiB);
  return seconds;
}

async function sum<T>(items: readonly T[], of: (item: T) => Promise<number>): Promise<number> {
  let total = 0;
  for (const item of items) total += await of(item);
  return total;
}

/** Being fast and wrong would be easy. */
function requireSame(ours: readonly Rates[], reference: readonly Rates[]): void {
  const flat = (all: readonly Rates[]) => Object.assign({}, ...all) as Rates;
  const [one, other] = [flat(ours), flat(reference)];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const name of names) {
    if (Math.abs((one[name] ?? Number.NaN) - (other[name] ?? Number.NaN)) < 1e-12) continue;
    throw new Error(`the check and the query differ in "${name}": ${one[name]} and ${other[name]}`);
  }
}

/** What a run of the service spends on the three, one after the other. */
async function inSandbox(file: CheckFile): Promise<number> {
  const runner = createCheckRunner({ cacheFolder: join(tmpdir(), 'countersign-bench', 'compiled') });
  await runner.isolationInForce();
  const seconds = await sum(CHECK_NAMES, (check) =>
    secondsOf(() =>
      runner.run({
        check,
        modelId: 'bench',
        modelVersion: '1.0.0',
        artifact: file,
        evidence: new Map([['predictions', file]]),
        parameters: parametersOf(check),
        passedChecks: [],
        now: '2026-11-23T10:00:00.000Z',
      }),
    ),
  );
  runner.close();
  return seconds;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
