import type { CheckArtifact } from '../../../src/checks/index.ts';
import type { CheckReport } from '../../../src/domain/index.ts';
import { csv, MODEL, runCheck } from './workspace.ts';

/** The contract of the model with two features. */
export const CONTRACT = {
  format: 'countersign-model-contract/v1',
  model: { id: MODEL.modelId, version: MODEL.modelVersion },
  inputs: [
    {
      name: 'features',
      features: [
        { name: 'a', min: -1, max: 1, scale: 1 },
        { name: 'b', min: -1, max: 1, scale: 1 },
      ],
    },
  ],
  outputs: [{ name: 'probabilities', kind: 'probabilities', classes: ['no', 'yes'] }],
  decision: { output: 'probabilities' },
  label: 'truth',
};

/** Rows on a grid over the two features, with what a fault-free linear model says of them. */
export function referenceRows(side = 20): string {
  const at = (index: number) => -0.95 + (1.9 * index) / (side - 1);
  const rows = Array.from({ length: side * side }, (_, index) => {
    const [a, b] = [at(index % side), at(Math.floor(index / side))];
    return [a, b, 3 * a - 2 * b + 0.5 > 0 ? 'yes' : 'no'];
  });
  return csv(['a', 'b', 'truth'], rows);
}

/** Runs a safety check on a model's bytes. */
export function runSafety(
  name: string,
  artifact: string | Uint8Array | CheckArtifact,
  parts: {
    readonly contract?: object;
    readonly reference?: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<CheckReport> {
  const evidence = {
    model_contract: { ...CONTRACT, ...parts.contract },
    reference_data: parts.reference ?? referenceRows(),
  };
  return runCheck(name, evidence, { parameters: parts.parameters ?? {}, artifact });
}
