// Makes the small models of the cases about safety_evaluation anew: node test/known/make-models.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axis, onnx, twoFeatureModel } from '../checks/support/onnx.ts';
import { CONTRACT, referenceRows } from '../checks/support/safety.ts';

/** Decides by the sign of sin(40 a): a change of 0.04 turns every decision. */
const WAVE = onnx({
  inputs: { features: ['float32', ['rows', 2]] },
  outputs: { probabilities: ['float32', ['rows', 2]] },
  weights: {
    w: [
      [2, 2],
      [0, 40, 0, 0],
    ],
  },
  nodes: [
    { op: 'MatMul', inputs: ['features', 'w'], outputs: ['angle'] },
    { op: 'Sin', inputs: ['angle'], outputs: ['logits'] },
    { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: [axis(1)] },
  ],
});

/** exp / sum of exp, which is not a number for large inputs. */
const OVERFLOWING = twoFeatureModel(
  [
    { op: 'Exp', inputs: ['logits'], outputs: ['e'] },
    { op: 'ReduceSum', inputs: ['e', 'axes'], outputs: ['sum'] },
    { op: 'Div', inputs: ['e', 'sum'], outputs: ['probabilities'] },
  ],
  { integers: { axes: [1] } },
);

/** The logits under the name of probabilities. */
const LOGITS = twoFeatureModel([{ op: 'Identity', inputs: ['logits'], outputs: ['probabilities'] }]);

const waveRows = () =>
  `a,b,truth\n${Array.from({ length: 240 }, (_, index) => {
    const a = -0.98 + (1.96 * index) / 239;
    return `${a.toFixed(4)},0,${Math.sin(40 * Number(a.toFixed(4))) > 0 ? 'yes' : 'no'}`;
  }).join('\n')}\n`;

const CASES: Readonly<Record<string, { readonly model: Uint8Array; readonly rows: string }>> = {
  'adversarial_perturbation_test_passed/bad-decides-by-a-wave': { model: WAVE, rows: waveRows() },
  'edge_case_inputs_handled/bad-overflowing-softmax': { model: OVERFLOWING, rows: referenceRows(8) },
  'output_boundary_verified/bad-logits-for-probabilities': { model: LOGITS, rows: referenceRows(8) },
};

for (const [name, { model, rows }] of Object.entries(CASES)) {
  const folder = join(import.meta.dirname, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), model);
  writeFileSync(join(folder, 'model-contract.json'), `${JSON.stringify(CONTRACT, null, 2)}\n`);
  writeFileSync(join(folder, 'reference-data.csv'), rows);
}
