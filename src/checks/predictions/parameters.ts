import { z } from 'zod';

/** A value of a cell, as written in a pipeline file. */
const CellValue = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected text, a number or true/false',
});
export type CellValue = z.infer<typeof CellValue>;

const column = (what: string) =>
  z.string().min(1).max(200).optional().describe(`column of predictions: ${what}`);

/** Parameters that say how a row's decision is found. Shared by every check that reads predictions. */
export const decisionParameters = {
  prediction: column('the decision'),
  score: column('a score, turned into a decision by threshold'),
  threshold: z.number().optional().describe('score from which on (or below which) the outcome is positive'),
  positive_when: z
    .enum(['at_or_above', 'below'])
    .default('at_or_above')
    .describe('which side of the threshold is the positive outcome'),
  positive_outcome: CellValue.default(1).describe('value of prediction that is the positive outcome'),
  weight: column('weight of the row, at least 0'),
} as const;

/** Parameters that say what the true outcome of a row is. */
export const labelParameters = {
  label: column('the true outcome'),
  positive_label: CellValue.optional().describe(
    'value of label that is the positive outcome; by default positive_outcome',
  ),
} as const;

const Decision = z.object(decisionParameters);
const Label = z.object(labelParameters);
export type ColumnParameters = z.output<typeof Decision> & Partial<z.output<typeof Label>>;

/** How a row's decision is found: in a column, or by comparing a score. */
export type DecisionSource =
  | { readonly kind: 'prediction'; readonly column: string; readonly positive: CellValue }
  | {
      readonly kind: 'score';
      readonly column: string;
      readonly threshold: number;
      readonly positiveWhen: 'at_or_above' | 'below';
    };

/** The columns that a check reads, resolved from its parameters. */
export interface DecisionColumns {
  readonly decision: DecisionSource;
  readonly label?: { readonly column: string; readonly positive: CellValue };
  readonly weight?: string;
  readonly rowId?: string;
  /** The score, where there is one, and which side of it is the positive outcome. */
  readonly score?: { readonly column: string; readonly positiveWhen: 'at_or_above' | 'below' };
}

/** Resolves parameters to columns; a sentence says what is missing. */
export function decisionColumns(
  parameters: ColumnParameters & { readonly row_id?: string | undefined },
): DecisionColumns | string {
  const decision = decisionSource(parameters);
  if (typeof decision === 'string') return decision;
  const { label, weight, score, row_id: rowId } = parameters;
  const positive = parameters.positive_label ?? parameters.positive_outcome;
  return {
    decision,
    ...(label === undefined ? {} : { label: { column: label, positive } }),
    ...(weight === undefined ? {} : { weight }),
    ...(rowId === undefined ? {} : { rowId }),
    ...(score === undefined ? {} : { score: { column: score, positiveWhen: parameters.positive_when } }),
  };
}

function decisionSource(parameters: ColumnParameters): DecisionSource | string {
  const { prediction, score, threshold } = parameters;
  if (prediction !== undefined) {
    return { kind: 'prediction', column: prediction, positive: parameters.positive_outcome };
  }
  if (score === undefined) return 'neither prediction nor score is set';
  if (threshold === undefined) return 'score is set without threshold';
  return { kind: 'score', column: score, threshold, positiveWhen: parameters.positive_when };
}
