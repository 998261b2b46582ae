import { counted, quoted } from '../report.ts';
import { type Basis, effectiveRows, type Group, type RateName } from './groups.ts';
import type { FairnessParameters, Grouping } from './parameters.ts';

/** Whether a group takes part in a comparison, and if not, why. */
export interface Standing {
  readonly group: Group;
  readonly status: 'compared' | 'excluded' | 'shown' | 'too_small';
  /** For groups that should take part and cannot, and for exclusions that are refused. */
  readonly reason?: string;
  readonly justification?: string;
}

/** Rows that a group needs for each rate that is compared. */
export type Minimums = Partial<Readonly<Record<RateName, number>>>;

/** Sorts the groups of a grouping: compared, left out with a justification, shown only, or too small to say anything. */
export function standings(
  groups: readonly Group[],
  grouping: Grouping,
  minimums: Minimums,
  parameters: Pick<FairnessParameters, 'exclusions' | 'max_excluded_share'>,
): readonly Standing[] {
  const total = groups.reduce((rows, group) => rows + group.bases.selection.rows, 0);
  return groups.map((group) => standingOf(group, grouping, minimums, parameters, total));
}

function standingOf(
  group: Group,
  grouping: Grouping,
  minimums: Minimums,
  { exclusions, max_excluded_share: most }: Pick<FairnessParameters, 'exclusions' | 'max_excluded_share'>,
  total: number,
): Standing {
  const exclusion = exclusions.find(({ attribute, group: name }) => names(grouping, group, attribute, name));
  const share = group.bases.selection.rows / total;
  if (exclusion !== undefined && share < most) {
    return { group, status: 'excluded', justification: exclusion.justification };
  }
  const small = tooSmall(group, minimums);
  const refused = `${quoted(group.name)} holds ${percent(share)} of the rows and may not be left out (${percent(most)})`;
  const refusal = exclusion === undefined ? {} : { reason: refused };
  if (small === undefined) return { group, status: 'compared', ...refusal };
  // Rows without a value are not a group of people; few of them are shown, many are refused by share.
  if (group.missing) return { group, status: 'shown' };
  return { group, status: 'too_small', reason: exclusion === undefined ? small : refused };
}

/** An exclusion of a group of one attribute also leaves out its intersections. */
function names(grouping: Grouping, group: Group, attribute: string, name: string): boolean {
  if (attribute === grouping.name) return group.name === name;
  const place = grouping.columns.indexOf(attribute);
  return place >= 0 && group.values[place] === name;
}

/** Kish's number is a quotient of sums. */
const EPSILON = 1e-6;

const BASIS: Readonly<Record<RateName, string>> = {
  selection: 'row',
  true_positive: 'positive',
  false_positive: 'negative',
};

function tooSmall(group: Group, minimums: Minimums): string | undefined {
  const short = (Object.keys(minimums) as RateName[]).filter((rate) => !isEnough(group, rate, minimums));
  if (short.length === 0) return undefined;
  const counts = short.map((rate) => sizeWords(group.bases[rate], BASIS[rate], minimums[rate] ?? 1));
  return `${quoted(group.name)} is too small to assess: ${counts.join(', ')}`;
}

/** Rows of weight 0, or beside one that outweighs them all, make no group larger. */
function isEnough(group: Group, rate: RateName, minimums: Minimums): boolean {
  const basis = group.bases[rate];
  return basis.weight > 0 && effectiveRows(basis) >= (minimums[rate] ?? 1) - EPSILON;
}

function sizeWords(basis: Basis, noun: string, minimum: number): string {
  const words = `${counted(basis.rows, noun)} of at least ${minimum}`;
  const effective = effectiveRows(basis);
  return basis.rows - effective < 0.05 ? words : `${words} (by weight they count as ${effective.toFixed(1)})`;
}

/** `7.1 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
