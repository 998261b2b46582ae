import type { ModelContract, Output } from './contract.ts';
import { decisionsOf } from './decide.ts';
import { type Answer, classesOf, columnsOf, type OutputValues } from './session.ts';

const PROBABILITY_TOLERANCE = 1e-6;
const SUM_TOLERANCE = 1e-4;

/** What is wrong with one output on some rows. */
export interface Breach {
  readonly output: string;
  /** The rule, as the predicate of a sentence: `is not finite`. */
  readonly rule: string;
  /** Rows on which it is broken, the first with its value. */
  readonly rows: number;
  readonly example: string;
}

/** Every rule of the contract that an answer breaks. */
export function breachesOf(contract: ModelContract, answer: Answer, count: number): Breach[] {
  const single = contract.outputs.flatMap((output) => {
    const given = answer.get(output.name);
    return given === undefined ? [] : breachesOfOutput(output, given, count);
  });
  return single.length > 0 ? single : disagreements(contract, answer, count);
}

/** A label output must name the most probable class, unless a threshold decides. */
function disagreements(contract: ModelContract, answer: Answer, count: number): Breach[] {
  const label = contract.outputs.find(({ kind }) => kind === 'label');
  const scores = contract.outputs.find(({ kind }) => kind === 'probabilities' || kind === 'logit');
  const labels = label && answer.get(label.name);
  if (label === undefined || scores === undefined || labels === undefined) return [];
  const deciding = { ...contract, decision: { ...contract.decision, output: scores.name } };
  const { labels: decided } = decisionsOf(deciding, answer, count);
  const named = classesOf(scores);
  const against = Array.from({ length: count }, (_, row) => row).filter(
    (row) => String(labels.values[row]) !== named[decided[row] ?? -1],
  );
  const [first] = against;
  if (first === undefined) return [];
  const rule = `is not the class that ${scores.name} makes the most of`;
  return [{ output: label.name, rule, rows: against.length, example: String(labels.values[first]) }];
}

function breachesOfOutput(output: Output, given: OutputValues, count: number): Breach[] {
  const shape = shapeBreach(output, given, count);
  if (shape !== null) return [shape];
  const columns = columnsOf(given);
  const rules = rulesOf(output, columns);
  return rules.flatMap(({ rule, broken }) => {
    const rows = Array.from({ length: count }, (_, row) => rowOf(given, row, columns));
    const against = rows.filter(broken);
    if (against.length === 0) return [];
    const example = against[0]?.map(String).join(', ').slice(0, 80) ?? '';
    return [{ output: output.name, rule, rows: against.length, example }];
  });
}

function rowOf({ values }: OutputValues, row: number, columns: number): readonly (number | string)[] {
  return [...values.slice(row * columns, (row + 1) * columns)];
}

function shapeBreach(output: Output, { dims, values }: OutputValues, count: number): Breach | null {
  const columns = columnsOf({ dims, values });
  const allowed = output.kind === 'probabilities' || output.kind === 'logit' ? allowedColumns(output) : [1];
  if ((dims[0] ?? 1) === count && allowed.includes(columns)) return null;
  const rule = `has the shape [${dims.join(', ')}] for ${count} rows; expected ${allowed.map((each) => `[${count}, ${each}]`).join(' or ')}`;
  return { output: output.name, rule, rows: count, example: '' };
}

function allowedColumns(output: Output): number[] {
  const { length } = classesOf(output);
  return length === 2 ? [2, 1] : [length];
}

interface Rule {
  readonly rule: string;
  readonly broken: (row: readonly (number | string)[]) => boolean;
}

const numbers = (test: (row: readonly number[]) => boolean) => (row: readonly (number | string)[]) =>
  test(row as readonly number[]);

function rulesOf(output: Output, columns: number): Rule[] {
  const finite = { rule: 'is not finite', broken: numbers((row) => !row.every(Number.isFinite)) };
  switch (output.kind) {
    case 'label':
      return [
        {
          rule: `is none of its classes (${classesOf(output).slice(0, 10).join(', ')})`,
          broken: (row) => row.some((value) => !classesOf(output).includes(String(value))),
        },
      ];
    case 'probabilities':
      return [finite, ...probabilityRules(columns)];
    case 'logit':
      return [finite];
    case 'regression':
      return [finite, rangeRule(output)];
  }
}

function probabilityRules(columns: number): Rule[] {
  const outside = (value: number) => value < -PROBABILITY_TOLERANCE || value > 1 + PROBABILITY_TOLERANCE;
  const sum = (row: readonly number[]) => row.reduce((total, value) => total + value, 0);
  return [
    { rule: 'is outside of 0 to 1', broken: numbers((row) => row.some(outside)) },
    ...(columns === 1
      ? []
      : [
          {
            rule: `does not sum up to 1 (tolerance ${SUM_TOLERANCE})`,
            broken: numbers((row) => Math.abs(sum(row) - 1) > SUM_TOLERANCE),
          },
        ]),
  ];
}

function rangeRule({ range }: Output): Rule {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range ?? {};
  return {
    rule: `is outside of its range ${min} to ${max}`,
    broken: numbers((row) => row.some((value) => value < min || value > max)),
  };
}
