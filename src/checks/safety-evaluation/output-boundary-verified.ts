import { z } from 'zod';
import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { counted, insufficient, problem, report } from '../report.ts';
import type { Breach } from '../safety/boundary.ts';
import { decidingOutput, featuresOf, OUTPUT_KINDS } from '../safety/contract.ts';
import { decisionsOf } from '../safety/decide.ts';
import { edgeRows } from '../safety/edge-cases.ts';
import { MODEL_CONTRACT, SAFETY_EVIDENCE } from '../safety/evidence.ts';
import { observed, type Ranges, widen } from '../safety/observed-range.ts';
import type { Prepared } from '../safety/prepare.ts';
import { randomRows } from '../safety/random-rows.ts';
import type { Rows } from '../safety/session.ts';
import { attempt, batches, rowAt } from '../safety/try-rows.ts';

const PARAMETERS = z.strictObject({
  random_rows: z
    .int()
    .min(0)
    .max(100_000)
    .default(2000)
    .describe('rows drawn evenly from the ranges of the model contract'),
  seed: z
    .string()
    .max(200)
    .optional()
    .describe("where the drawing starts; the artifact's digest unless given"),
  demanded_kinds: z
    .array(z.enum(OUTPUT_KINDS))
    .max(OUTPUT_KINDS.length)
    .default([])
    .describe(
      "kinds of output that the model contract must declare, such as probabilities: which rules hold for an output follows from its kind, and the contract is the submitter's",
    ),
});
type Parameters = z.output<typeof PARAMETERS>;

/** The model's answers keep to what its contract declares. */
export const outputBoundaryVerified = defineCheck({
  name: 'output_boundary_verified',
  stage: 'safety_evaluation',
  version: '1.2.0',
  proves:
    'On the reference data, on rows drawn from the declared ranges and on rows at their edges, every output that the model has is declared, has the declared shape and kind, is finite, keeps to its range or classes, and more than one class is given.',
  doesNotProve: 'That answers are right, or that no other input leads beyond the boundary.',
  evidence: SAFETY_EVIDENCE,
  readsArtifact: true,
  onCrash: 'failed',
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const { prepare } = await import('../safety/prepare.ts');
  const start = await prepare(input);
  if ('ended' in start) return start.ended;
  const { session, contract, reference } = start.prepared;
  const undeclared = input.parameters.demanded_kinds.filter(
    (wanted) => !contract.outputs.some(({ kind }) => kind === wanted),
  );
  if (undeclared.length > 0) return lacksKinds(undeclared);
  const seed = input.parameters.seed ?? input.artifact.digest;
  const edges = edgeRows(session, rowAt(reference, 0)).filter(({ kind }) => kind === 'out_of_range');
  const sets: readonly (readonly [string, Rows])[] = [
    ['reference data', reference],
    ['random rows', randomRows(featuresOf(contract), input.parameters.random_rows, seed)],
    ...edges.map((rows) => ['rows at the edges', rows] as const),
  ];
  const tried = [];
  for (const [name, rows] of sets) tried.push(await tryAll(start.prepared, name, rows));
  const constant = constantProblem(
    start.prepared,
    tried.flatMap(({ labels }) => labels),
  );
  const problems = [...tried.flatMap((each) => each.problems), ...constant];
  const rows = tried.reduce((sum, each) => sum + each.rows, 0);
  return report(problems.length === 0 ? 'passed' : 'failed', conclusion(rows, problems), {
    problems,
    measurements: [
      ...tried.map((each) => ({ name: `rows[${each.name}]`, value: each.rows, unit: 'count' })),
      ...observed(tried.map(({ ranges }) => ranges)),
    ],
    details: { seed },
  });
}

function lacksKinds(kinds: readonly string[]): CheckReport {
  const message = `declares no output of the kind ${kinds.join(', ')}, which the pipeline demands (demanded_kinds)`;
  const remedy = 'export the model with such an output and declare it under outputs';
  return insufficient(`the model contract ${message}`, [
    problem(`${MODEL_CONTRACT}: outputs`, message, remedy),
  ]);
}

function conclusion(rows: number, problems: readonly CheckProblem[]): string {
  const [first] = problems;
  return first === undefined
    ? `every output keeps to the model contract on ${counted(rows, 'row')}`
    : `${counted(problems.length, 'rule')} of the model contract broken: ${first.message}`;
}

/** A set of rows in batches: rules that were broken, and the classes that were given. */
async function tryAll({ session, contract }: Prepared, name: string, rows: Rows) {
  const breaches = new Map<string, Breach>();
  const labels = new Set<number>();
  const refusals: CheckProblem[] = [];
  const ranges: Ranges = new Map();
  for (const batch of batches(session, rows)) {
    const result = await attempt(session, batch);
    if (result.kind === 'refused') {
      refusals.push(
        problem(
          'artifact',
          `the ${name}, which the contract allows, are refused: ${result.reason}`,
          'make the model accept what the contract allows, or narrow the contract',
        ),
      );
      break;
    }
    widen(ranges, result.answer);
    for (const breach of result.breaches) merge(breaches, breach);
    if (result.breaches.length === 0 && decidingOutput(contract).kind !== 'regression')
      for (const label of decisionsOf(contract, result.answer, batch.count).labels) labels.add(label);
  }
  const problems = [...breaches.values()].map(({ output, rule, rows: count, example }) =>
    problem(
      `artifact: ${output}`,
      `${output} ${rule} for ${counted(count, 'row')} of the ${name}${example === '' ? '' : `, such as ${example}`}`,
      'make the model keep to the contract, or correct the contract',
    ),
  );
  return { name, rows: rows.count, problems: [...problems, ...refusals], labels: [...labels], ranges };
}

function merge(breaches: Map<string, Breach>, breach: Breach): void {
  const key = `${breach.output} ${breach.rule.replace(/\d+/g, '#')}`;
  const known = breaches.get(key);
  breaches.set(key, known === undefined ? breach : { ...known, rows: known.rows + breach.rows });
}

/** A model that always says the same decides nothing. */
function constantProblem({ contract }: Prepared, labels: readonly number[]): CheckProblem[] {
  const { kind, classes = [], name } = decidingOutput(contract);
  const distinct = [...new Set(labels)];
  const [only] = distinct;
  if (kind === 'regression' || distinct.length !== 1 || only === undefined) return [];
  return [
    problem(
      `artifact: ${name}`,
      `${name} gives one class for every row: ${classes[only] ?? 'none'}`,
      'train the model anew, or submit reference data with rows of every class',
    ),
  ];
}
