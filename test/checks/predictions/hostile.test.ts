import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { hashFile } from '../../../src/artifact/index.ts';
import { createCheckRunner } from '../../../src/checks/index.ts';
import { DECISION_PARAMETERS } from '../support/decisions.ts';
import { alreadyKnown } from '../support/isolation.ts';
import { dataPage, element, parquet, parquetOf, rowGroup } from '../support/parquet.ts';
import { request } from '../support/runner.ts';
import { temporaryFolder } from '../support/workspace.ts';

/** Far more than a line may have, and sparse: only what is read of it costs anything. */
const LARGE = 2 ** 28;
const runner = createCheckRunner(alreadyKnown());
afterAll(() => runner.close());

/** Runs a check on a file as the service does: in its sandbox, under its limits. Sparse bytes may follow the content. */
async function judged(content: string | Uint8Array, bytes = 0) {
  const path = join(await temporaryFolder(), 'predictions');
  await writeFile(path, content);
  if (bytes > 0) await truncate(path, bytes);
  const file = { path, digest: (await hashFile(path)).digest };
  const { result } = await runner.run(
    request('demographic_parity_within_threshold', {
      evidence: new Map([['predictions', file]]),
      parameters: { ...DECISION_PARAMETERS, protected_attributes: ['grp'] },
    }),
  );
  return result;
}

const deep = Array.from({ length: 50_000 }, (_, i) => element(`e${i}`, 1));
const wide = Array.from({ length: 100_000 }, (_, i) => element(`c${i}`));
const COLUMNS = ['decision', 'grp'];
const twoColumns = [element('root', 2), ...COLUMNS.map((name) => element(name))];

describe('a hostile table in the sandbox', { timeout: 180_000 }, () => {
  it.each([
    ['Parquet that claims 2^62 rows and has none', parquetOf(twoColumns, 2n ** 62n)],
    [
      'Parquet whose rows lie beyond its end',
      parquetOf(twoColumns, 2n ** 40n, [rowGroup(COLUMNS, 2n ** 40n, 2n ** 40n, 2n ** 40n)]),
    ],
    [
      'a page of a few bytes that claims two gigabytes',
      parquetOf(
        twoColumns,
        2n ** 31n - 1n,
        [rowGroup(COLUMNS, 2n ** 31n - 1n, 4n, 2n ** 31n)],
        Buffer.concat([dataPage(2 ** 31 - 1, 2 ** 31 - 1), Buffer.alloc(64)]),
      ),
    ],
    ['a schema 50,000 groups deep', parquetOf([...deep, element('leaf')], 1n)],
    ['a schema of 100,000 columns', parquetOf([element('root', wide.length), ...wide], 1n)],
    ['a gzip bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024))],
  ])('%s', async (_, content) => {
    const { outcome, message } = await judged(content);
    expect(['insufficient_evidence', 'errored']).toContain(outcome);
    expect(message).not.toMatch(/\/(tmp|proc|home|var)\//);
  });

  it.each([
    ['CSV', 'decision,grp\n"', /Maximum line size|cannot be read/],
    ['JSON', '{"decision":"', /a line of JSON is longer than 16777216 bytes/],
    ['header', 'a', /its first line is longer than 1048576 bytes/],
  ])('a line of %s that fills a large file', async (_, start, message) => {
    const result = await judged(start, LARGE);
    expect(result.outcome).toBe('insufficient_evidence');
    expect(result.message).toMatch(message);
  });

  it('a column that turns out to be an id after many rows', async () => {
    const ids = await parquet(`SELECT CASE WHEN i % 2 = 0 THEN 'approved' ELSE 'declined' END AS decision,
      CASE WHEN i < 200000 THEN 'a' ELSE 'customer ' || hash(i) || ' of the bank, as text' END AS grp FROM range(1500000) t(i)`);
    const { outcome, message } = await judged(ids);
    expect(outcome).toBe('insufficient_evidence');
    expect(message).toContain('column "grp" has more than 50 values: an id or a measurement');
  });
});

describe('a Parquet file with any of its bytes changed', { timeout: 180_000 }, () => {
  it('never passes where the table it holds would fail', async () => {
    const rows = `SELECT CASE WHEN i % 4 < 3 - i % 2 * 2 THEN 'approved' ELSE 'declined' END AS decision,
      CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS grp FROM range(400) t(i)`;
    const bytes = await parquet(rows);
    expect((await judged(bytes)).outcome).toBe('failed');
    for (let place = 5; place < bytes.length - 4; place += Math.floor(bytes.length / 6)) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 0x55;
      expect((await judged(changed)).outcome, `byte ${place}`).not.toBe('passed');
    }
  });
});
