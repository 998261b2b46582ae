import type { CheckFile } from '../contract.ts';
import { identifier } from '../predictions/duckdb.ts';
import { openTable } from '../predictions/table.ts';
import { counted, notSubmitted, problem, quoted, toCheckProblems } from '../report.ts';
import { decidingOutput, featuresOf, type ModelContract } from './contract.ts';
import { absent, type Found, found, REFERENCE_DATA } from './evidence.ts';
import type { Rows } from './session.ts';
import { classesOf } from './session.ts';

/** Rows with their true classes. */
export interface Reference extends Rows {
  /** Index of the true class of each row, in the order of the contract. */
  readonly truth: Int32Array;
  /** Rows that the file has, of which these are a part. */
  readonly total: number;
}

const EXPORT_AGAIN = 'export the rows again as Parquet, CSV or JSON lines';

/** Rows that are read at most; a sample is drawn from those. */
const MAX_ROWS = 200_000;

/** Reads the features and the true class of all rows of the reference data. */
export async function readReference(
  file: CheckFile | undefined,
  contract: ModelContract,
): Promise<Found<Reference>> {
  if (file === undefined)
    return absent('no reference data was submitted (evidence reference_data)', [
      notSubmitted(REFERENCE_DATA, 'rows that the model was not trained on, with their true class'),
    ]);
  const table = await openTable(REFERENCE_DATA, file);
  if (!table.ok) return absent('the reference data cannot be read', toCheckProblems(table.problems));
  try {
    const names = featuresOf(contract).map(({ name }) => name);
    const unknown = [...names, contract.label].filter((name) => !table.value.columns.includes(name));
    if (unknown.length > 0) return lacking(unknown, table.value.columns);
    const columns = names.map((name, index) => `TRY_CAST(${identifier(name)} AS DOUBLE) AS f${index}`);
    const label = `trim(CAST(${identifier(contract.label)} AS VARCHAR)) AS label`;
    const rows = await table.value.query(
      `SELECT ${[...columns, label].join(', ')} FROM ${table.value.source} LIMIT ${MAX_ROWS + 1}`,
    );
    return rowsFrom(rows, names, contract);
  } catch (error) {
    return absent('the reference data cannot be read', [
      problem(
        REFERENCE_DATA,
        error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unreadable',
        EXPORT_AGAIN,
      ),
    ]);
  } finally {
    await table.value.close();
  }
}

function lacking(unknown: readonly string[], columns: readonly string[]): Found<never> {
  const remedy = `its columns are ${columns.slice(0, 30).map(quoted).join(', ')}`;
  const problems = unknown.map((name) => problem(REFERENCE_DATA, `has no column ${quoted(name)}`, remedy));
  return absent(
    `the reference data lacks ${counted(unknown.length, 'column')} of the model contract`,
    problems,
  );
}

function rowsFrom(
  rows: readonly Readonly<Record<string, unknown>>[],
  names: readonly string[],
  contract: ModelContract,
): Found<Reference> {
  if (rows.length === 0)
    return absent('the reference data has no rows', [
      problem(REFERENCE_DATA, 'has no rows', 'submit at least as many rows as min_rows asks for'),
    ]);
  if (rows.length > MAX_ROWS)
    return absent(`the reference data has more than ${MAX_ROWS} rows`, [
      problem(REFERENCE_DATA, `has more than ${MAX_ROWS} rows`, 'submit a sample of them'),
    ]);
  const values = Float64Array.from(
    rows.flatMap((row) => names.map((_, index) => Number(row[`f${index}`] ?? Number.NaN))),
  );
  const classes = classesOf(decidingOutput(contract));
  const truth = Int32Array.from(rows, (row) => classes.indexOf(String(row['label'])));
  const unreadable = names.filter((_, column) =>
    rows.some((__, row) => !Number.isFinite(values[row * names.length + column])),
  );
  const strangers = [
    ...new Set(rows.filter((_, row) => truth[row] === -1).map((row) => String(row['label']))),
  ];
  const problems = [
    ...unreadable.map((name) =>
      problem(
        `${REFERENCE_DATA}: ${name}`,
        'has a value that is no finite number',
        'leave such rows out, or write the number',
      ),
    ),
    ...(classes.length > 0 ? strangers : [])
      .slice(0, 5)
      .map((value) =>
        problem(
          `${REFERENCE_DATA}: ${contract.label}`,
          `has the value ${quoted(value)}, which is no class of the model contract (${classes.slice(0, 10).join(', ')})`,
          'write the labels as the contract names the classes',
        ),
      ),
  ];
  if (problems.length > 0) return absent('the reference data cannot be used', problems);
  return found({ count: rows.length, values, truth, total: rows.length });
}
