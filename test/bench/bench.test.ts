import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isKept } from '../../bench/bench.ts';
import { inTurns, median } from '../../bench/pairs.ts';
import { lines } from '../../bench/show.ts';
import { temporaryFolder } from '../checks/support/workspace.ts';
import { compiled } from '../support/compiled.ts';

const MAIN = join(import.meta.dirname, '../../bench/main.ts');

/** Runs the benches with a folder for temporary files of its own. */
async function bench(...args: readonly string[]) {
  const folder = await temporaryFolder();
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...compiled(), TMPDIR: folder },
  });
  return { stdout, left: await readdir(folder) };
}

describe('a bench', () => {
  it('is listed where none is named, and an unknown one is an error', async () => {
    expect((await bench()).stdout).toMatch(
      /^npm run bench -- <name>.*\n\n {2}bias {2}.+\n {2}clicks {2}.+\n {2}hash {2}.+\n {2}metrics {2}.+\n {2}reconcile {2}.+\n {2}verify {2}.+\n$/s,
    );
    await expect(bench('speed')).rejects.toMatchObject({ code: 2 });
  });

  it('bias compares checks and query at any size, and they agree', { timeout: 180_000 }, async () => {
    const { stdout } = await bench('bias', '--scale', '0.001', '--repetitions', '1', '--json');
    const { judged, readings } = JSON.parse(stdout);
    expect(judged).toBe(false);
    expect(readings).toContainEqual({ name: 'rows', value: 10_000, unit: 'rows' });
    expect(readings[0]).toMatchObject({ name: 'time over that of the query', unit: 'ratio', atMost: 1.25 });
    expect(readings[0].value).toBeGreaterThan(0);
  });

  it('metrics compares a scrape with one of as many series by hand', async () => {
    const { stdout } = await bench('metrics', '--scale', '0.01', '--repetitions', '1', '--json');
    const { readings } = JSON.parse(stdout);
    expect(readings[0]).toMatchObject({ unit: 'ratio', atMost: 0.25 });
    expect(readings.at(-1)).toMatchObject({ name: 'series', unit: 'rows' });
    expect(readings.at(-1).value).toBeGreaterThan(1000);
  });

  it('reconcile compares ticks at any size, and leaves nothing behind', { timeout: 180_000 }, async () => {
    const { stdout, left } = await bench('reconcile', '--scale', '0.001', '--repetitions', '1');
    expect(stdout).toMatch(/nothing changed, over everything +\d+\.\d\d× \(wanted: at most 0.1×\)/);
    expect(stdout).toMatch(/held after 10 quiet ticks, over before +\d/);
    expect(left).toEqual([]);
  });

  it('hash compares with openssl, and leaves nothing behind', async () => {
    const { stdout, left } = await bench('hash', '--scale', '0.002', '--repetitions', '1');
    expect(stdout).toMatch(/file: speed over openssl +\d+\.\d\d× \(wanted: at least 1×\)/);
    expect(stdout).toMatch(/directory: speed over openssl +\d+\.\d\d× \(wanted: at least 1.7×\)/);
    expect(left).toEqual([]);
  });
});

it('judges a reading by its limits', () => {
  const ratio = { name: 'x', unit: 'ratio' as const };
  expect(isKept({ ...ratio, value: 1.25, atMost: 1.25 })).toBe(true);
  expect(isKept({ ...ratio, value: 1.26, atMost: 1.25 })).toBe(false);
  expect(isKept({ ...ratio, value: 0.99, atLeast: 1 })).toBe(false);
  expect(isKept({ ...ratio, value: Number.NaN, atLeast: 1 })).toBe(false);
  const [, line] = lines(
    { name: 'b', summary: '', run: async () => [] },
    [{ ...ratio, value: 1.26, atMost: 1.25 }],
    true,
  );
  expect(line).toBe('  x  1.26× (NOT KEPT: at most 1.25×)');
});

it('compares neighbours, and does not count the first round', async () => {
  const ours = [9, 1, 2, 3][Symbol.iterator]();
  const reference = [1, 2, 2, 2][Symbol.iterator]();
  const pairs = await inTurns(
    3,
    async () => reference.next().value ?? 0,
    async () => ours.next().value ?? 0,
  );
  expect(pairs).toEqual({ ours: 2, reference: 2, slowdown: 1, speedup: 1 });
  expect(median([3, 1, 2, 10])).toBe(2.5);
});
