import type { CheckProblem, CheckReport, Measurement } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import type { Decisions } from '../predictions/decisions.ts';
import { insufficient, problem, quoted, report } from '../report.ts';
import { zOf } from '../statistics/normal.ts';
import { percent, type Standing, standings } from './assessable.ts';
import { type ComparisonRule, compare } from './compare.ts';
import { groupsOf } from './groups.ts';
import { type FairnessParameters, type Grouping, groupings } from './parameters.ts';
import { readGroupedDecisions } from './read.ts';
import type { Assessed, FairnessRule } from './rule.ts';
import { groupTable } from './table.ts';
import { conclusion, doubt, outcomeWord, violation } from './wording.ts';

/** Reads the decisions, compares every grouping by every rate of the rule, and says what came of it. */
export async function assessFairness(
  input: CheckInput<FairnessParameters>,
  rule: FairnessRule,
  needsLabel: boolean,
): Promise<CheckReport> {
  const read = await readGroupedDecisions(input, needsLabel);
  if (!read.ok) return insufficient(`${rule.title}: ${read.message}`, read.problems);
  const all = groupings(input.parameters).map((grouping, index) =>
    assessGrouping(grouping, read.decisions, index, input.parameters, read.mode, rule),
  );
  const assessed = all.flatMap((one) => one.assessed);
  const word = outcomeWord(input.parameters);
  const problems = [...violations(assessed, rule, word), ...all.flatMap((one) => one.problems)];
  const failed = assessed.some(({ comparison }) => comparison.verdict === 'beyond');
  const outcome = failed ? 'failed' : problems.length > 0 ? 'insufficient_evidence' : 'passed';
  return report(outcome, `${rule.title}: ${conclusion(outcome, assessed, problems, word)}`, {
    problems,
    measurements: [
      ...assessed.flatMap((one) => measured(one, rule)),
      { name: 'rows', value: read.decisions.rows, unit: 'count' },
    ],
    details: {
      mode: read.mode,
      rationale: input.parameters.rationale ?? null,
      rows: read.decisions.rows,
      comparisons: all.map((one) => one.detail),
    },
  });
}

function assessGrouping(
  grouping: Grouping,
  decisions: Decisions,
  index: number,
  parameters: FairnessParameters,
  mode: ComparisonRule['mode'],
  rule: FairnessRule,
) {
  const groups = groupsOf(decisions.sets[index] ?? []);
  const all = standings(groups, grouping, rule.minimums, parameters);
  const compared = all.filter(({ status }) => status === 'compared').map(({ group }) => group);
  const reference = parameters.reference === 'max_rate' ? undefined : parameters.reference[grouping.name];
  const assessed = rule.rates.map((rate): Assessed => {
    const measure = rule.measure(reference !== undefined);
    const comparisonRule = {
      rate,
      measure,
      mode,
      level: parameters.confidence_level,
      ...(reference === undefined ? {} : { reference }),
    };
    return { grouping, rule: comparisonRule, comparison: compare(compared, comparisonRule) };
  });
  return {
    assessed,
    problems: [...standingProblems(grouping, all, parameters), ...doubts(assessed)],
    detail: groupTable(grouping, all, assessed, zOf(parameters.confidence_level)),
  };
}

function standingProblems(
  grouping: Grouping,
  all: readonly Standing[],
  parameters: FairnessParameters,
): CheckProblem[] {
  const where = `predictions: ${grouping.name}`;
  const remedy = 'evaluate on more rows of this group, or exclude it with a justification';
  const groups = all.flatMap(({ reason }) => (reason === undefined ? [] : [problem(where, reason, remedy)]));
  return [...groups, ...missingProblems(grouping, all, parameters)];
}

/** A column that is an attribute is looked at once, where it stands alone. */
function missingProblems(
  { name, columns }: Grouping,
  all: readonly Standing[],
  { protected_attributes = [], max_missing_share: most }: FairnessParameters,
): CheckProblem[] {
  const rowsOf = (groups: readonly Standing[]) =>
    groups.reduce((rows, { group }) => rows + group.bases.selection.rows, 0);
  return columns
    .map((column, place) => ({ column, missing: all.filter(({ group }) => group.values[place] === null) }))
    .filter(({ column }) => columns.length === 1 || !protected_attributes.includes(column))
    .map(({ column, missing }) => ({ column, share: rowsOf(missing) / rowsOf(all) }))
    .filter(({ share }) => share > most)
    .map(({ column, share }) =>
      problem(
        `predictions: ${name}`,
        `${quoted(column)} is missing in ${percent(share)} of the rows, more than ${percent(most)}`,
        'evaluate on rows whose value is known',
      ),
    );
}

const CLOSER =
  'bring the rates of the two groups closer (training data, model or decision threshold), and evaluate the new version';
const MORE_ROWS = 'evaluate on more rows of these groups, until the interval lies on one side of the limit';

function violations(assessed: readonly Assessed[], rule: FairnessRule, word: string): CheckProblem[] {
  return assessed
    .filter(({ comparison }) => comparison.verdict === 'beyond')
    .map((one) =>
      problem(`predictions: ${one.grouping.name}`, `${rule.title}: ${violation(one, word)}`, CLOSER),
    );
}

function doubts(assessed: readonly Assessed[]): CheckProblem[] {
  return assessed
    .filter(({ comparison }) => comparison.verdict === 'undecided')
    .map((one) => problem(`predictions: ${one.grouping.name}`, doubt(one), MORE_ROWS));
}

function measured({ grouping, rule, comparison }: Assessed, { measurement }: FairnessRule): Measurement[] {
  if (comparison.worst === undefined) return [];
  return [
    { name: `${measurement(rule.rate)}[${grouping.name}]`, value: comparison.worst.value, unit: 'ratio' },
  ];
}
