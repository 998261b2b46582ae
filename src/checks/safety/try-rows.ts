import { type Breach, breachesOf } from './boundary.ts';
import { type Answer, type ModelSession, type Rows, reasonOf } from './session.ts';

/** What came of rows: an answer, or what the model said when it refused them. */
export type Attempt =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly breaches: readonly Breach[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Rows handed to the runtime at once: enough to be fast, few enough that hidden layers fit into memory. */
const BATCH = 1024;

/** Runs rows and holds the answer to the contract. */
export async function attempt(session: ModelSession, rows: Rows): Promise<Attempt> {
  const answer = await session.answer(rows).catch((error: unknown) => reasonOf(error));
  if (typeof answer === 'string') return { kind: 'refused', reason: answer };
  return { kind: 'answered', answer, breaches: breachesOf(session.contract, answer, rows.count) };
}

/** The rows in batches; one at a time where the model takes no more. */
export function* batches(session: ModelSession, { count, values }: Rows): Generator<Rows> {
  const width = values.length / Math.max(count, 1);
  const size = session.anyBatch ? BATCH : 1;
  for (let first = 0; first < count; first += size) {
    const rows = Math.min(size, count - first);
    yield { count: rows, values: values.subarray(first * width, (first + rows) * width) };
  }
}

/** One row of several. */
export function rowAt({ count, values }: Rows, row: number): Float64Array {
  const width = values.length / count;
  return values.slice(row * width, (row + 1) * width);
}
