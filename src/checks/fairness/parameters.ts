import { z } from 'zod';
import { decisionParameters } from '../predictions/parameters.ts';

const share = (value: number) => z.number().min(0).max(1).default(value);

const Exclusion = z.strictObject({
  attribute: z.string().min(1).describe('attribute, or intersection such as "sex & age_band"'),
  group: z.string().min(1).describe('its group, or for an intersection such as "female & 18-25"'),
  justification: z.string().min(20).describe('why the group may be left out'),
});

/** Parameters that the three fairness checks share, as the stage's keys in the pipeline file. */
export const fairnessParameters = {
  ...decisionParameters,
  row_id: z.string().min(1).optional().describe('column of predictions whose values must not repeat'),
  outcome_name: z
    .string()
    .regex(/^[\p{L}][\p{L} -]{0,40}$/u, 'expected a word or two')
    .optional()
    .describe('what the positive outcome is called in messages, such as approved'),
  protected_attributes: z
    .array(z.string().min(1))
    .min(1)
    .max(20)
    .optional()
    .describe('columns of predictions to compare groups by'),
  intersections: z
    .union([z.enum(['all_pairs', 'none']), z.array(z.array(z.string().min(1)).min(2).max(4)).max(50)], {
      error: 'expected all_pairs, none, or lists of columns such as [[sex, age_band]]',
    })
    .default('all_pairs')
    .describe('combinations of attributes that are compared too'),
  reference: z
    .union([z.literal('max_rate'), z.record(z.string(), z.string())], {
      error: 'expected max_rate, or a group by attribute such as { sex: male }',
    })
    .default('max_rate')
    .describe('the group that others are compared with: the one with the highest rate, or a named one'),
  min_group_size: z.int().min(2).default(30).describe('rows below which a selection rate is not assessed'),
  max_missing_share: share(0.05).describe(
    'share of rows without a value of an attribute beyond which nothing is concluded',
  ),
  mode: z
    .enum(['point', 'confidence', 'by_tier'])
    .default('by_tier')
    .describe(
      'point: the value decides; confidence: the whole interval must be on the right side; by_tier: confidence for high_risk and where the tier is unknown, else point',
    ),
  confidence_level: z.number().min(0.5).max(0.9999).default(0.95).describe('of the intervals'),
  exclusions: z
    .array(Exclusion)
    .max(200)
    .default([])
    .describe('small groups left out, each with its justification'),
  max_excluded_share: share(0.02).describe('share of rows from which on a group may not be left out'),
  rationale: z
    .string()
    .min(20)
    .optional()
    .describe('why these thresholds are right for this model; nothing passes without it'),
} as const;

const Shared = z.object(fairnessParameters);
export type FairnessParameters = z.output<typeof Shared>;

/** One way of grouping the rows: an attribute, or an intersection of several. */
export interface Grouping {
  readonly name: string;
  readonly columns: readonly string[];
}

const SEPARATOR = ' & ';

/** How several columns, or their values, are named together. */
export function joined(parts: readonly string[]): string {
  return parts.join(SEPARATOR);
}

/** The groupings that the parameters ask for: each attribute, then the intersections. */
export function groupings({ protected_attributes, intersections }: FairnessParameters): readonly Grouping[] {
  const attributes = [...new Set(protected_attributes ?? [])];
  const columns = [...attributes.map((attribute) => [attribute]), ...combinations(attributes, intersections)];
  return columns.map((set) => ({ name: joined(set), columns: set }));
}

function combinations(
  attributes: readonly string[],
  wanted: FairnessParameters['intersections'],
): readonly (readonly string[])[] {
  if (wanted === 'none') return [];
  if (wanted !== 'all_pairs') return wanted;
  return attributes.flatMap((first, index) => attributes.slice(index + 1).map((second) => [first, second]));
}
