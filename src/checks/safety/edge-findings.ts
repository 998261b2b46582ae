import type { CheckProblem } from '../../domain/index.ts';
import { counted, problem } from '../report.ts';
import { edgeRows, misshapen } from './edge-cases.ts';
import type { ModelSession } from './session.ts';
import { attempt, rowAt } from './try-rows.ts';

/** What one group of edge cases came to. */
export interface EdgeFinding {
  readonly kind: string;
  readonly cases: number;
  /** Cases that the model refused with an error, as it may. */
  readonly refused: number;
  readonly problems: readonly CheckProblem[];
}

const REMEDIES: Readonly<Record<string, string>> = {
  non_finite:
    'replace or refuse such values within the model, or have them refused upstream and set non_finite: rejected_upstream',
  extreme: 'clip the inputs within the model, or compute the softmax with the largest logit subtracted',
  out_of_range: 'clip the inputs within the model to the ranges of the model contract',
};

/** Every group of rows at the edge, each row on its own: a refusal of one must not hide what another does. */
export async function tryEdgeRows(session: ModelSession, base: Float64Array): Promise<EdgeFinding[]> {
  const findings: EdgeFinding[] = [];
  for (const rows of edgeRows(session, base)) {
    let refused = 0;
    const broken = new Map<string, string[]>();
    for (const [index, name] of rows.names.entries()) {
      const tried = await attempt(session, { count: 1, values: rowAt(rows, index) });
      if (tried.kind === 'refused') refused += 1;
      else
        for (const { output, rule, example } of tried.breaches) {
          const key = `${output} ${rule}`;
          broken.set(key, [...(broken.get(key) ?? []), example === '' ? name : `${name} (${example})`]);
        }
    }
    const problems = [...broken].map(([rule, names]) => told(rows.kind, rule, names));
    findings.push({ kind: rows.kind, cases: rows.count, refused, problems });
  }
  return findings;
}

function told(kind: string, rule: string, names: readonly string[]): CheckProblem {
  const shown = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? `, and ${names.length - 3} more` : '';
  return problem(
    'artifact',
    `${rule} for ${counted(names.length, 'case')}: ${shown}${more}`,
    REMEDIES[kind] ?? 'make the model answer such inputs as the contract says, or refuse them',
  );
}

/** Tensors that do not fit: an error is right, an answer is not. */
export async function tryMisshapen(session: ModelSession, base: Float64Array): Promise<EdgeFinding> {
  const cases = misshapen(session, base);
  const problems: CheckProblem[] = [];
  for (const { name, feeds } of cases) {
    const answered = await session.answerTo(feeds).then(
      () => true,
      () => false,
    );
    if (answered)
      problems.push(
        problem(
          'artifact',
          `${name} is answered as if it fitted`,
          'declare the shape of the inputs in the model',
        ),
      );
  }
  return { kind: 'misshapen', cases: cases.length, refused: cases.length - problems.length, problems };
}

/** No rows: no answers, or an error. */
export async function tryNothing(session: ModelSession): Promise<EdgeFinding> {
  const tried = await attempt(session, { count: 0, values: new Float64Array(0) });
  const rows =
    tried.kind === 'refused'
      ? 0
      : [...tried.answer.values()].reduce((sum, { dims }) => sum + (dims[0] ?? 1), 0);
  const problems =
    rows === 0
      ? []
      : [
          problem(
            'artifact',
            `no rows are answered with ${counted(rows, 'row')}`,
            'have the model answer no rows with no rows, or refuse them',
          ),
        ];
  return { kind: 'empty', cases: 1, refused: tried.kind === 'refused' ? 1 : 0, problems };
}
