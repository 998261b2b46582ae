import { describe, expect, it } from 'vitest';
import { createCheckRunner } from '../../../src/checks/index.ts';
import { digestOf } from '../../../src/domain/index.ts';
import { alreadyKnown } from '../support/isolation.ts';
import { axis, onnx, twoFeatureModel } from '../support/onnx.ts';
import { CONTRACT, referenceRows, runSafety } from '../support/safety.ts';
import { evidenceOf, fileOf, MODEL, NOW, problemsOf, temporaryFolder } from '../support/workspace.ts';

const run = (artifact: string | Uint8Array, parts: Parameters<typeof runSafety>[2] = {}) =>
  runSafety('edge_case_inputs_handled', artifact, parts);
const UPSTREAM = { parameters: { non_finite: 'rejected_upstream' } };

/** Clips the features before the model proper; with `missing`, it replaces NaN first. */
const clipping = (missing: boolean) =>
  onnx({
    inputs: { features: ['float32', ['rows', 2]] },
    outputs: { probabilities: ['float32', ['rows', 2]] },
    weights: {
      w: [
        [2, 2],
        [0, 3, 0, -2],
      ],
      c: [[2], [0, 0.5]],
      zero: [[], [0]],
      low: [[], [-1]],
      high: [[], [1]],
    },
    nodes: [
      { op: 'IsNaN', inputs: ['features'], outputs: ['missing'] },
      { op: 'Where', inputs: ['missing', 'zero', 'features'], outputs: ['present'] },
      { op: 'Clip', inputs: [missing ? 'present' : 'features', 'low', 'high'], outputs: ['clipped'] },
      { op: 'Gemm', inputs: ['clipped', 'w', 'c'], outputs: ['logits'] },
      { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: [axis(1)] },
    ],
  });
const GUARDED = clipping(true);
const CLIPPED = clipping(false);

/** exp / sum of exp: right for small logits, NaN for large ones. */
const NAIVE = twoFeatureModel(
  [
    { op: 'Exp', inputs: ['logits'], outputs: ['e'] },
    { op: 'ReduceSum', inputs: ['e', 'axes'], outputs: ['sum'] },
    { op: 'Div', inputs: ['e', 'sum'], outputs: ['probabilities'] },
  ],
  { integers: { axes: [1] } },
);

const BATCH_SOFTMAX = twoFeatureModel([
  { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: [axis(0)] },
]);

const RANDOM = twoFeatureModel([
  { op: 'RandomUniformLike', inputs: ['logits'], outputs: ['noise'] },
  { op: 'Add', inputs: ['logits', 'noise'], outputs: ['shaken'] },
  { op: 'Softmax', inputs: ['shaken'], outputs: ['probabilities'], attributes: [axis(1)] },
]);

/** 92,000 by 92,000 floats, from a few bytes. */
const GIANT = twoFeatureModel(
  [
    { op: 'ConstantOfShape', inputs: ['shape'], outputs: ['giant'] },
    { op: 'ReduceMax', inputs: ['giant'], outputs: ['most'] },
    { op: 'Add', inputs: ['logits', 'most'], outputs: ['probabilities'] },
  ],
  { integers: { shape: [92_000, 92_000] } },
);

describe('edge_case_inputs_handled', { timeout: 60_000 }, () => {
  it('passes a model that replaces what is not finite and clips the rest', async () => {
    const report = await run(GUARDED);
    expect(`${report.outcome} ${problemsOf(report)}`).toBe('passed ');
    const cases = Object.fromEntries(report.measurements.map(({ name, value }) => [name, value]));
    expect(cases).toMatchObject({
      'cases[non_finite]': 9,
      'cases[extreme]': 18,
      'cases[out_of_range]': 4,
      'cases[misshapen]': 7,
      'refused[misshapen]': 7,
      difference_in_company: 0,
    });
  });

  it('fails a model that answers NaN with NaN, as ONNX Runtime lets it, and names the cases', async () => {
    const report = await run(CLIPPED);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toMatch(
      /^artifact: probabilities is not finite for 3 cases: NaN in a \(NaN, NaN\)/,
    );
  });

  it('leaves what is not finite to the validation of inputs only where the operator says so', async () => {
    const report = await run(CLIPPED, UPSTREAM);
    expect(report.outcome).toBe('passed');
    expect(report.message).toContain('left to the validation of inputs');
    expect(JSON.stringify(report.details['excused'])).toContain('NaN in a');
  });

  it.each([
    [
      'a softmax that overflows',
      NAIVE,
      /not finite for \d+ cases: 3\.4e38 in a|not finite for \d+ cases: -3\.4e38 in a/,
    ],
    ['a softmax along the batch', BATCH_SOFTMAX, /differs by .* when other rows are in the batch/],
    ['answers by chance', RANDOM, /the same row gets different answers/],
  ])('fails %s', async (_, artifact, expected) => {
    const report = await run(artifact, UPSTREAM);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toMatch(expected);
  });

  it.each([
    ['a pickle', Buffer.from('80049503000000000000004b012e', 'hex'), /pickle/i],
    ['nothing', '', /empty|not/],
    ['text', 'no model at all', /only ONNX/],
    ['half a model', twoFeatureModel().slice(0, 80), /./],
  ])('does not pass %s', async (_, artifact, expected) => {
    const report = await run(artifact);
    expect(report.outcome).not.toBe('passed');
    expect(report.message).toMatch(expected);
  });

  it.each([
    [
      'another model',
      { model: { id: 'other', version: '1' } },
      /is of other@1, not of fraud-detection@4\.1\.2/,
    ],
    ['another input', { inputs: [{ ...CONTRACT.inputs[0], name: 'x' }] }, /lacks the input features/],
    [
      'a feature too few',
      { inputs: [{ name: 'features', features: CONTRACT.inputs[0]?.features.slice(1) }] },
      /has 2 columns, the model contract 1 features/,
    ],
    [
      'another output',
      { outputs: [{ ...CONTRACT.outputs[0], name: 'p' }], decision: { output: 'p' } },
      /no tensor output "p"/,
    ],
    ['a label column that is not there', { label: 'y' }, /lacks 1 column/],
    [
      'classes that the data has not',
      { outputs: [{ ...CONTRACT.outputs[0], classes: ['0', '1'] }] },
      /cannot be used/,
    ],
    ['no features', { inputs: [] }, /cannot be used/],
  ])('has too little to go by with a contract of %s', async (_, contract, expected) => {
    const report = await run(twoFeatureModel(), { contract });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toMatch(expected);
  });

  it('gives the same bytes for the same input', async () => {
    expect(JSON.stringify(await run(GUARDED))).toBe(JSON.stringify(await run(GUARDED)));
  });

  it('fails a few bytes that ask for 34 GB, in the sandbox and within its limits', async () => {
    const folder = await temporaryFolder();
    const { result } = await createCheckRunner(alreadyKnown()).run({
      check: 'edge_case_inputs_handled',
      ...MODEL,
      artifact: await fileOf(folder, 'artifact', GIANT),
      evidence: await evidenceOf({ model_contract: CONTRACT, reference_data: referenceRows() }),
      parameters: { non_finite: 'rejected_upstream' },
      passedChecks: [],
      now: NOW,
    });
    expect(GIANT.length).toBeLessThan(400);
    expect(result.inputs?.[0]).toEqual({ name: 'artifact', digest: digestOf(GIANT) });
    expect(`${result.outcome} ${result.message}`).toMatch(/^failed /);
  });
});
