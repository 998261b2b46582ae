import type { CheckProblem } from '../../domain/index.ts';
import { problem } from '../report.ts';
import type { EdgeFinding } from './edge-findings.ts';
import type { ModelSession, OutputValues, Rows } from './session.ts';
import { attempt, rowAt } from './try-rows.ts';

/** The same rows twice, and one at a time: answers must not depend on the company that a row is in. */
export async function tryCompany(
  session: ModelSession,
  rows: Rows,
): Promise<EdgeFinding & { difference: number }> {
  const problems: CheckProblem[] = [];
  const single: Rows[] = Array.from({ length: rows.count }, (_, row) => ({
    count: 1,
    values: rowAt(rows, row),
  }));
  const [once, again] = [await concatenated(session, single), await concatenated(session, single)];
  if (once === null || again === null)
    return {
      kind: 'repeated',
      cases: rows.count,
      refused: rows.count,
      difference: 0,
      problems: [
        problem(
          'reference_data',
          'a row of the reference data is refused by the model',
          'submit rows that the model accepts, or correct the contract',
        ),
      ],
    };
  if (differenceOf(once, again) > 0)
    problems.push(
      problem('artifact', 'the same row gets different answers', 'remove operators that draw random numbers'),
    );
  const together = session.anyBatch ? await concatenated(session, [rows]) : null;
  const difference = together === null ? 0 : differenceOf(once, together);
  if (difference > MOST_DIFFERENCE)
    problems.push(
      problem(
        'artifact',
        `a row's answer differs by ${difference.toPrecision(3)} when other rows are in the batch, more than ${MOST_DIFFERENCE}`,
        'look for an operator along the batch axis, such as a softmax over axis 0',
      ),
    );
  return { kind: 'repeated', cases: rows.count, refused: 0, difference, problems };
}

const MOST_DIFFERENCE = 1e-5;

/** All outputs of several runs, one after the other; null where one was refused. */
async function concatenated(session: ModelSession, runs: readonly Rows[]): Promise<OutputValues[] | null> {
  const outputs: OutputValues[] = [];
  for (const rows of runs) {
    const tried = await attempt(session, rows);
    if (tried.kind === 'refused') return null;
    outputs.push(...tried.answer.values());
  }
  return mergedByOutput(outputs, session.contract.outputs.length);
}

function mergedByOutput(outputs: readonly OutputValues[], count: number): OutputValues[] {
  return Array.from({ length: count }, (_, output) => {
    const own = outputs.filter((__, index) => index % count === output).flatMap(({ values }) => [...values]);
    const values = own.every((value) => typeof value === 'number') ? Float64Array.from(own) : own.map(String);
    return { dims: [own.length], values };
  });
}

/** The largest difference of two numbers at the same place; infinite where texts, counts or finiteness differ. */
function differenceOf(a: readonly OutputValues[], b: readonly OutputValues[]): number {
  const differences = a.flatMap(({ values }, output) => {
    const others = b[output]?.values ?? [];
    if (values.length !== others.length) return [Number.POSITIVE_INFINITY];
    return [...values].map((value, index) => distance(value, others[index]));
  });
  return differences.reduce((most, each) => Math.max(most, each), 0);
}

function distance(a: number | string, b: number | string | undefined): number {
  if (Object.is(a, b)) return 0;
  const apart = typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) : Number.NaN;
  return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
}
