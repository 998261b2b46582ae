import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { AGE_BANDS, SEXES } from './data.ts';
import { DECLINE_FROM, quoted } from './predictions.ts';

/** A group of held-out rows: `null` for one of the two means any. */
interface Slice {
  readonly sex: string | null;
  readonly ageBand: string | null;
}

/** How the model did in one slice. Positive means fraud; a fraud is caught when its purchase is declined. */
export interface SliceMetrics extends Slice {
  readonly rows: number;
  readonly frauds: number;
  readonly declined: number;
  readonly approvalRate: number;
  readonly auc: number;
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  /** Share of the legitimate purchases that were declined. */
  readonly falsePositiveRate: number;
}

/** Overall first, then each sex, each age band, each sex in each age band. */
const SLICES: readonly Slice[] = [
  { sex: null, ageBand: null },
  ...SEXES.map((sex) => ({ sex, ageBand: null })),
  ...AGE_BANDS.map((ageBand) => ({ sex: null, ageBand })),
  ...SEXES.flatMap((sex) => AGE_BANDS.map((ageBand) => ({ sex, ageBand }))),
];

/** Measures a predictions file by SQL, from its columns alone: nothing is carried over from training or scoring. */
export async function measure(predictionsFile: string): Promise<SliceMetrics[]> {
  const database = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await database.connect();
  const measured: SliceMetrics[] = [];
  for (const slice of SLICES) measured.push(await measureSlice(connection, predictionsFile, slice));
  connection.closeSync();
  database.closeSync();
  return measured;
}

async function measureSlice(connection: DuckDBConnection, file: string, slice: Slice): Promise<SliceMetrics> {
  const conditions = [
    ...(slice.sex === null ? [] : [`sex = ${quoted(slice.sex)}`]),
    ...(slice.ageBand === null ? [] : [`age_band = ${quoted(slice.ageBand)}`]),
  ];
  const reader = await connection.runAndReadAll(sliceQuery(file, ['true', ...conditions].join(' AND ')));
  const row = reader.getRowObjectsJS()[0] ?? {};
  const number = (column: string): number => Number(row[column]);
  return {
    ...slice,
    rows: number('n'),
    frauds: number('frauds'),
    declined: number('declined'),
    approvalRate: number('approval_rate'),
    auc: number('auc'),
    accuracy: number('accuracy'),
    precision: number('precision'),
    recall: number('recall'),
    falsePositiveRate: number('false_positive_rate'),
  };
}

/** AUC is the Mann-Whitney statistic: tied scores share the mean of their ranks. */
function sliceQuery(file: string, condition: string): string {
  return `
    WITH ranked AS (
      SELECT is_fraud = 1 AS fraud, fraud_score >= ${DECLINE_FROM} AS decline, approved,
        rank() OVER (ORDER BY fraud_score) + (count(*) OVER (PARTITION BY fraud_score) - 1) / 2.0 AS place
      FROM read_parquet(${quoted(file)}) WHERE ${condition}
    ), counted AS (
      SELECT count(*) AS n, count_if(fraud) AS frauds, count_if(decline) AS declined, avg(approved) AS approval_rate,
        count_if(fraud AND decline) AS caught, count_if(fraud = decline) AS right_ones,
        sum(place) FILTER (fraud) AS places
      FROM ranked
    )
    SELECT n, frauds, declined, approval_rate, right_ones / n AS accuracy, caught / declined AS precision,
      caught / frauds AS recall, (declined - caught) / (n - frauds) AS false_positive_rate,
      (places - frauds * (frauds + 1) / 2) / (frauds * (n - frauds)) AS auc
    FROM counted`;
}
