/** As many rows as one statement takes: Postgres allows 65,535 parameters. */
const BATCH = 1000;

/** Rows, as many at a time as one statement takes. */
export function batches<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / BATCH);
  return Array.from({ length: count }, (_, at) => rows.slice(at * BATCH, (at + 1) * BATCH));
}
