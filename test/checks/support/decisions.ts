import { csv } from './workspace.ts';

/** A group: its values of the protected attributes, how many rows, how many of them approved. */
export interface GroupOf {
  readonly values: readonly string[];
  readonly rows: number;
  readonly approved: number;
}

/** A predictions file with the columns `id`, `decision` (approved or declined) and the attributes. */
export function decisionsCsv(attributes: readonly string[], groups: readonly GroupOf[]): string {
  const rows = groups.flatMap(({ values, rows: count, approved }) =>
    Array.from({ length: count }, (_, i) => [i < approved ? 'approved' : 'declined', ...values]),
  );
  return csv(
    ['id', 'decision', ...attributes],
    rows.map((row, i) => [i, ...row]),
  );
}

export const RATIONALE = 'Thresholds set by the model risk committee on 2026-09-14.';

/** Parameters for such a file. */
export const DECISION_PARAMETERS = {
  prediction: 'decision',
  positive_outcome: 'approved',
  rationale: RATIONALE,
  mode: 'point',
};
