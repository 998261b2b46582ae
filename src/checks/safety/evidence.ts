import type { CheckProblem } from '../../domain/index.ts';
import type { CheckInput, EvidenceUse } from '../contract.ts';
import { readDocument } from '../evidence/document.ts';
import { notSubmitted, problem, toCheckProblems } from '../report.ts';
import { ModelContract } from './contract.ts';

/** Evidence names. */
export const MODEL_CONTRACT = 'model_contract';
export const REFERENCE_DATA = 'reference_data';

/** What the safety checks read beside the artifact. */
export const SAFETY_EVIDENCE: readonly EvidenceUse[] = [
  {
    name: MODEL_CONTRACT,
    required: true,
    description: 'inputs with their features and ranges, outputs with their kind (YAML or JSON)',
  },
  {
    name: REFERENCE_DATA,
    required: true,
    description: 'rows that the model knows nothing of, a column per feature and the true class',
  },
];

/** Something to go on with, or the sentence and problems that say why not. */
export type Found<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly problems: readonly CheckProblem[] };

export const found = <T>(value: T): Found<T> => ({ ok: true, value });
export const absent = (message: string, problems: readonly CheckProblem[]): Found<never> => ({
  ok: false,
  message,
  problems,
});

/** The contract of the model version under review. */
export async function readContract(input: CheckInput<unknown>): Promise<Found<ModelContract>> {
  const file = input.evidence.get(MODEL_CONTRACT);
  if (file === undefined)
    return absent('no model contract was submitted (evidence model_contract)', [
      notSubmitted(MODEL_CONTRACT, 'the inputs, features and outputs of the model'),
    ]);
  const read = await readDocument(MODEL_CONTRACT, file, ModelContract);
  if (!read.ok) return absent('the model contract cannot be used', toCheckProblems(read.problems));
  const { id, version } = read.value.model;
  const problems = [...otherModel(input, id, version), ...repeated(read.value)];
  if (problems.length === 0) return found(read.value);
  return absent(`the model contract cannot be used: ${problems[0]?.message}`, problems);
}

function otherModel(
  { modelId, modelVersion }: CheckInput<unknown>,
  id: string,
  version: string,
): CheckProblem[] {
  if (id === modelId && version === modelVersion) return [];
  const message = `is of ${id}@${version}, not of ${modelId}@${modelVersion}`;
  return [problem(`${MODEL_CONTRACT}: model`, message, 'submit the contract of this model version')];
}

function repeated({ inputs, outputs }: ModelContract): CheckProblem[] {
  const names = {
    inputs: inputs.map(({ name }) => name),
    outputs: outputs.map(({ name }) => name),
    features: inputs.flatMap(({ features }) => features.map(({ name }) => name)),
  };
  return Object.entries(names).flatMap(([kind, all]) =>
    [...new Set(all.filter((name, index) => all.indexOf(name) !== index))].map((name) =>
      problem(
        `${MODEL_CONTRACT}: ${kind}`,
        `the name "${name}" is there twice`,
        'give each a name of its own',
      ),
    ),
  );
}
