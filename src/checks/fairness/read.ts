import type { CheckProblem } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import { PREDICTIONS } from '../predictions/columns.ts';
import type { Decisions } from '../predictions/decisions.ts';
import { type ColumnParameters, type DecisionColumns, decisionColumns } from '../predictions/parameters.ts';
import { notSubmitted, problem, quoted, toCheckProblems } from '../report.ts';
import { submittedTier } from '../risk/read.ts';
import { type FairnessParameters, groupings } from './parameters.ts';

/** An attribute with more values than this is likely an id. */
const MAX_LEVELS = 50;

/** The counted decisions, or the sentence and problems that say why there are none. */
export type GroupedDecisions =
  | { readonly ok: true; readonly decisions: Decisions; readonly mode: 'point' | 'confidence' }
  | { readonly ok: false; readonly message: string; readonly problems: readonly CheckProblem[] };

type Parameters = FairnessParameters & Partial<ColumnParameters>;

/** Reads `predictions` as the parameters say, after refusing parameters that leave out what is needed. */
export async function readGroupedDecisions(
  input: CheckInput<Parameters>,
  needsLabel: boolean,
): Promise<GroupedDecisions> {
  const columns = decisionColumns(input.parameters);
  const unset = unsetParameters(input.parameters, columns, needsLabel);
  if (typeof columns === 'string' || unset.length > 0) {
    return {
      ok: false,
      message: `the pipeline does not say enough: ${unset.map(({ message }) => message).join('; ')}`,
      problems: unset,
    };
  }
  const file = input.evidence.get(PREDICTIONS);
  if (file === undefined)
    return {
      ok: false,
      message: 'no predictions were submitted (evidence predictions)',
      problems: [
        notSubmitted(PREDICTIONS, 'the decisions on the evaluation data, with the protected attributes'),
      ],
    };
  const [{ withTable }, { readDecisions }] = await Promise.all([
    import('../predictions/table.ts'),
    import('../predictions/decisions.ts'),
  ]);
  const sets = groupings(input.parameters).map((grouping) => grouping.columns);
  const sums = columns.weight === undefined ? 'exact' : 'ordered';
  const decisions = await withTable(PREDICTIONS, file, sums, (table) =>
    readDecisions(table, columns, sets, MAX_LEVELS),
  );
  if (!decisions.ok) return unreadable(toCheckProblems(decisions.problems));
  if (needsLabel && isConstant(decisions.value)) return unreadable([constantLabel(input.parameters.label)]);
  return { ok: true, decisions: decisions.value, mode: await modeOf(input) };
}

function unreadable(problems: readonly CheckProblem[]): GroupedDecisions {
  return {
    ok: false,
    message: `the predictions cannot be used: ${problems
      .map(({ message }) => message)
      .slice(0, 3)
      .join('; ')}`,
    problems,
  };
}

/** Without both outcomes there are no errors of one of the two kinds to compare. */
function isConstant({ sets }: Decisions): boolean {
  return new Set(sets[0]?.map(({ actual }) => actual)).size < 2;
}

function constantLabel(label: string | undefined): CheckProblem {
  const message = `${quoted(label ?? '')} is the same outcome in every row, so that errors of one kind cannot occur`;
  return problem(PREDICTIONS, message, 'evaluate on rows with both outcomes');
}

function unsetParameters(
  parameters: Parameters,
  columns: DecisionColumns | string,
  needsLabel: boolean,
): CheckProblem[] {
  const missing: readonly (readonly [boolean, string, string])[] = [
    [
      parameters.protected_attributes === undefined,
      'protected_attributes',
      'protected_attributes is not set',
    ],
    [typeof columns === 'string', 'prediction', String(columns)],
    [needsLabel && parameters.label === undefined, 'label', 'label is not set'],
    [
      unknownReferences(parameters).length > 0,
      'reference',
      `reference names ${unknownReferences(parameters).map(quoted).join(', ')}, which is not compared`,
    ],
    [parameters.rationale === undefined, 'rationale', 'no rationale for the thresholds is given'],
  ];
  return missing
    .filter(([unset]) => unset)
    .map(([, name, message]) =>
      problem(`parameters: ${name}`, message, `set ${name} in the stage's parameters`),
    );
}

/** A misspelled attribute would leave its groups to be compared in another way than was meant. */
function unknownReferences(parameters: Parameters): readonly string[] {
  if (parameters.reference === 'max_rate') return [];
  const known = groupings(parameters).map(({ name }) => name);
  return Object.keys(parameters.reference).filter((name) => !known.includes(name));
}

async function modeOf({ parameters, evidence }: CheckInput<Parameters>): Promise<'point' | 'confidence'> {
  if (parameters.mode !== 'by_tier') return parameters.mode;
  const tier = await submittedTier(evidence);
  return tier === 'limited_risk' || tier === 'minimal_risk' ? 'point' : 'confidence';
}
