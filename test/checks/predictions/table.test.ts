import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CheckFile } from '../../../src/checks/index.ts';
import { predictionColumns } from '../../../src/checks/predictions/columns.ts';
import { openDatabase } from '../../../src/checks/predictions/duckdb.ts';
import { openTable, reasonOf } from '../../../src/checks/predictions/table.ts';
import { digestOf } from '../../../src/domain/index.ts';
import { DECISION_PARAMETERS } from '../support/decisions.ts';
import { parquet } from '../support/parquet.ts';
import { fileOf, runCheck, temporaryFolder } from '../support/workspace.ts';

/** A small Parquet file in which some bytes are put in the place of others. */
async function renamed(from: string, to: string): Promise<Buffer> {
  const bytes = await parquet(`SELECT 'a value' AS decisioX, 2 AS decision`);
  return Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
}

async function rowsOf(content: string | Uint8Array) {
  const table = await openTable('predictions', await fileOf(await temporaryFolder(), 'f', content));
  if (!table.ok) return table.problems.map(({ message }) => message);
  onTestFinished(() => table.value.close());
  return table.value
    .query(`SELECT * FROM ${table.value.source}`)
    .catch((error: unknown) => [`cannot be read: ${reasonOf(error)}`]);
}

describe('the same rows in three formats', () => {
  const select = `SELECT i AS id, CASE WHEN i % 3 = 0 THEN 'approved' ELSE 'declined' END AS decision,
    CASE WHEN i % 2 = 0 THEN 'a' WHEN i < 390 THEN 'b' END AS grp FROM range(400) t(i)`;
  const rows = Array.from({ length: 400 }, (_, id) => ({
    id,
    decision: id % 3 === 0 ? 'approved' : 'declined',
    grp: id % 2 === 0 ? 'a' : id < 390 ? 'b' : null,
  }));

  it('give the same report, byte for byte', async () => {
    const files = [
      await parquet(select),
      `id,decision,grp\n${rows.map(({ id, decision, grp }) => `${id},${decision},${grp ?? ''}`).join('\n')}\n`,
      rows.map((row) => JSON.stringify(row)).join('\n'),
    ];
    const parameters = { ...DECISION_PARAMETERS, row_id: 'id', protected_attributes: ['grp'] };
    const reports = await Promise.all(
      files.map((predictions) =>
        runCheck('demographic_parity_within_threshold', { predictions }, { parameters }),
      ),
    );
    expect(reports[0]?.outcome).toBe('passed');
    expect(new Set(reports.map((report) => JSON.stringify(report))).size).toBe(1);
  });
});

describe('hostile tables', () => {
  it('reads column names as names, whatever SQL they hold', async () => {
    const name = `a""; DROP TABLE x; --`;
    const rows = await rowsOf(`"${name}","b'); SELECT 1; --"\n1,2\n`);
    expect(rows).toEqual([{ 'a"; DROP TABLE x; --': '1', "b'); SELECT 1; --": '2' }]);
  });

  it('compares groups by a column whose name is SQL', async () => {
    const column = `x" OR 1=1; SELECT '`;
    const csv = `decision,"${column.replaceAll('"', '""')}"\n${'approved,a\ndeclined,b\n'.repeat(40)}`;
    const parameters = { ...DECISION_PARAMETERS, protected_attributes: [column] };
    const report = await runCheck(
      'demographic_parity_within_threshold',
      { predictions: csv },
      { parameters },
    );
    expect(report.message).toContain('b is approved at 0.00');
  });

  it.each([
    [
      'garbage between Parquet marks',
      Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(99, 7), Buffer.from('PAR1')]),
      /^cannot be read/,
    ],
    ['four bytes of Parquet', 'PAR1', /^cannot be read/],
    ['an empty file', '', /^has no columns/],
    ['a column twice', 'a,b,A\n1,2,3\n', /^has the column "A" twice$/],
    ['a column without a name', 'a,,b\n1,2,3\n', /^has a column without a name$/],
    [
      '5,000 columns',
      `${Array.from({ length: 5000 }, (_, i) => `c${i}`).join()}\n`,
      /more than 1000 columns/,
    ],
    ['a line of megabytes', `a,b\n${'x'.repeat(4_000_000)},1\n`, /^cannot be read/],
    ['JSON of 200,000 levels', `{"a":${'['.repeat(200_000)}`, /JSON nested deeper than 16 levels/],
    ['broken JSON lines', '{"a":1}\n{"a":\n', /^cannot be read/],
    [
      'a key twice in a line',
      '{"a":1,"b":2}\n{"a":1,"b":2,"a":3}\n',
      /^cannot be read: a line of JSON has the same key twice/,
    ],
    ['text after an object', '{"a":1}{"a":2}\n', /^cannot be read/],
    ['a line that is no object', '{"a":1}\n[1]\n', /^cannot be read/],
    ['gzip', gzipSync('a,b\n1,2\n'), /compressed with gzip; expected Parquet, CSV or JSON lines as they are/],
    ['a zip archive', Buffer.from('PK\x03\x04 and more'), /a zip archive, such as a spreadsheet/],
    ['a million columns', `${'c,'.repeat(1_000_000)}c\n`, /first line is longer than 1048576 bytes/],
    ['a header whose quote has no end', '"a,b\n1,2\n', /a quote in the wrong place, or one without end/],
    ['a value whose quote has no end', 'a,b\n1,"2\n', /^cannot be read/],
    ['mixed line ends', 'a,b\n1,2\r\n3,4\r5,6', /^cannot be read/],
    ['a JSON array', '[{"a":1}]', /a JSON array; expected JSON lines/],
    ['no UTF-8', Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xff, 0xfe, 0x2c, 0x31, 0x0a]), /^cannot be read/],
  ])('refuses %s', async (_, content, message) => {
    expect(await rowsOf(content)).toEqual([expect.stringMatching(message)]);
  });

  it('refuses rows that are longer or shorter than the header', async () => {
    const parameters = { ...DECISION_PARAMETERS, protected_attributes: ['grp'] };
    const predictions = 'decision,grp\napproved\ndeclined,a,b\n';
    const report = await runCheck('demographic_parity_within_threshold', { predictions }, { parameters });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('cannot be read');
  });

  it('refuses a column that Parquet has twice, which DuckDB would rename', async () => {
    expect(await rowsOf(await renamed('decisioX', 'decision'))).toEqual(['has the column "decision" twice']);
  });

  it('refuses text in Parquet that is no UTF-8', async () => {
    expect(await rowsOf(await renamed('a value', 'a v\xFFlue'))).toEqual([
      expect.stringMatching(/^cannot be read: .*Invalid string encoding/),
    ]);
  });

  it('does not repeat paths of this machine in its problems', async () => {
    const [message] = await rowsOf('PAR1');
    expect(message).not.toMatch(/\/(tmp|proc|home|var)\//);
  });
});

describe('the locked database', () => {
  async function locked() {
    const folder = await temporaryFolder();
    const allowed = await fileOf(folder, 'allowed.csv', 'a,b\n1,2\n');
    const other = await fileOf(folder, 'other.csv', 'a,b\n6,6\n');
    const database = await openDatabase(allowed.path);
    onTestFinished(() => database.close());
    return { folder, allowed, other, database };
  }

  it('reads its one file', async () => {
    const { allowed, database } = await locked();
    expect(await database.query(`SELECT * FROM read_csv('${allowed.path}')`)).toHaveLength(1);
  });

  it('reads, writes, loads and reaches nothing else, and stays locked', async () => {
    const { folder, other, database } = await locked();
    const forbidden = [
      `SELECT * FROM read_csv('${other.path}')`,
      `SELECT * FROM read_text('/etc/passwd')`,
      `SELECT * FROM read_csv('https://127.0.0.1/x.csv')`,
      `SELECT * FROM glob('/*')`,
      `COPY (SELECT 1) TO '${join(folder, 'out.csv')}'`,
      `ATTACH '${join(folder, 'new.db')}'`,
      'INSTALL httpfs',
      `LOAD '${join(folder, 'evil.duckdb_extension')}'`,
      'SET enable_external_access = true',
      `SET allowed_paths = ['${other.path}']`,
      'SET lock_configuration = false',
      'RESET lock_configuration',
    ];
    for (const sql of forbidden) await expect(database.query(sql), sql).rejects.toThrow();
  });
});

it('reads the bytes that were hashed even when the path is swapped afterwards', async () => {
  const folder = await temporaryFolder();
  const good = 'a,b\n1,2\n';
  const file: CheckFile = await fileOf(folder, 'good.csv', good);
  const table = await openTable('predictions', file);
  if (!table.ok) throw new Error('expected a table');
  onTestFinished(() => table.value.close());
  await writeFile(join(folder, 'evil.csv'), 'a,b\n6,6\n');
  await rename(join(folder, 'evil.csv'), file.path);
  const rows = await table.value.query(`SELECT * FROM ${table.value.source}`).catch(() => 'refused');
  expect([[{ a: '1', b: '2' }], 'refused']).toContainEqual(rows);
});

it('throws when the bytes are not those that were handed over', async () => {
  const file = await fileOf(await temporaryFolder(), 'f', 'a,b\n1,2\n');
  const digest = digestOf(createHash('sha256').update('other').digest());
  await expect(predictionColumns({ ...file, digest })).rejects.toMatchObject({ code: 'digest_mismatch' });
});
