import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { expect, it } from 'vitest';
import type { CheckReport } from '../../../src/domain/index.ts';
import { RATIONALE } from '../support/decisions.ts';
import { parquet } from '../support/parquet.ts';
import { runCheck } from '../support/workspace.ts';

interface Row {
  readonly sex: string | null;
  readonly age: string;
  readonly y: number;
  readonly s: number;
  readonly w: number;
}

/** Rows with missing values, weights and scores, in several row groups. */
const SELECT = `SELECT CASE WHEN i % 41 = 0 THEN NULL WHEN hash(i) % 5 < 2 THEN 'f' ELSE 'm' END AS sex,
  ['young', 'old', 'oldest'][1 + (hash(i, 1) % 3)::INTEGER] AS age, (hash(i, 2) % 3 = 0)::INTEGER AS y,
  (hash(i, 3) % 1000) / 1000.0 AS s, 0.25 + (hash(i, 4) % 8) / 4.0 AS w FROM range(250000) t(i)`;

const PARAMETERS = {
  score: 's',
  threshold: 0.4,
  label: 'y',
  positive_label: 1,
  weight: 'w',
  protected_attributes: ['sex', 'age'],
  mode: 'point',
  rationale: RATIONALE,
};

/** The weighted rate of positive decisions among some rows, by a reader and in a language that are not the check's. */
function rate(rows: readonly Row[]): number {
  const weight = (some: readonly Row[]) => some.reduce((sum, { w }) => sum + w, 0);
  return weight(rows.filter(({ s }) => s >= 0.4)) / weight(rows);
}

const GROUPINGS: Readonly<Record<string, (row: Row) => string>> = {
  sex: ({ sex }) => sex ?? '(missing)',
  age: ({ age }) => age,
  'sex & age': ({ sex, age }) => `${sex ?? '(missing)'} & ${age}`,
};

interface Table {
  readonly attribute: string;
  readonly groups: readonly ({ readonly group: string; readonly rows: number } & Readonly<
    Record<string, { readonly value: number } | undefined>
  >)[];
}

function groupsBy(attribute: string, report: CheckReport): Table['groups'] {
  const tables = report.details['comparisons'] as unknown as Table[];
  return tables.find((table) => table.attribute === attribute)?.groups ?? [];
}

/** The rows as hyparquet reads them, in JavaScript alone. */
async function rowsOf(bytes: Buffer): Promise<Row[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const rows = await parquetReadObjects({ file, compressors });
  return rows.map((row) => ({ ...row, s: Number(row['s']), w: Number(row['w']) }) as unknown as Row);
}

it('gives the rates that hyparquet reads from the same file', async () => {
  const bytes = await parquet(SELECT);
  const rows = await rowsOf(bytes);
  const { label, positive_label, ...parity } = PARAMETERS;
  const evidence = { predictions: bytes };
  const selection = await runCheck('demographic_parity_within_threshold', evidence, { parameters: parity });
  const odds = await runCheck('equalised_odds_within_threshold', evidence, { parameters: PARAMETERS });
  for (const [attribute, groupOf] of Object.entries(GROUPINGS)) {
    const expected = [...Map.groupBy(rows, groupOf)].sort(([a], [b]) => (a < b ? -1 : 1));
    const [ofSelection, ofOdds] = [groupsBy(attribute, selection), groupsBy(attribute, odds)];
    expect(ofSelection.map(({ group, rows: count }) => [group, count])).toEqual(
      expected.map(([group, members]) => [group, members.length]),
    );
    for (const [place, [, members]] of expected.entries()) {
      const [one, other] = [ofSelection[place], ofOdds[place]];
      expect(one?.['selection_rate']?.value).toBeCloseTo(rate(members), 12);
      expect(other?.['true_positive_rate']?.value).toBeCloseTo(rate(members.filter(({ y }) => y === 1)), 12);
      expect(other?.['false_positive_rate']?.value).toBeCloseTo(rate(members.filter(({ y }) => y === 0)), 12);
    }
  }
});
