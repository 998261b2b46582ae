import { describe, expect, it } from 'vitest';
import { axis, floatList, ints, onnx, strings, twoFeatureModel } from '../support/onnx.ts';
import { CONTRACT, runSafety } from '../support/safety.ts';
import { problemsOf } from '../support/workspace.ts';

const run = (artifact: Uint8Array, contract: object = {}, parameters: Record<string, unknown> = {}) =>
  runSafety('output_boundary_verified', artifact, { contract, parameters });

const LOGITS_AS_OUTPUT = twoFeatureModel([
  { op: 'Identity', inputs: ['logits'], outputs: ['probabilities'] },
]);
const HALVED = twoFeatureModel(
  [
    { op: 'Softmax', inputs: ['logits'], outputs: ['p'], attributes: [axis(1)] },
    { op: 'Mul', inputs: ['p', 'half'], outputs: ['probabilities'] },
  ],
  { weights: { half: [[], [0.5]] } },
);
const CONSTANT = twoFeatureModel(
  [
    { op: 'Mul', inputs: ['logits', 'zero'], outputs: ['flat'] },
    { op: 'Add', inputs: ['flat', 'lead'], outputs: ['led'] },
    { op: 'Softmax', inputs: ['led'], outputs: ['probabilities'], attributes: [axis(1)] },
  ],
  { weights: { zero: [[], [0]], lead: [[2], [2, 0]] } },
);

/** A forest of one tree: yes where a is above 0. Its labels are texts, its scores the share of votes. */
const TREE = onnx({
  inputs: { features: ['float32', ['rows', 2]] },
  outputs: { label: ['string', ['rows']], probabilities: ['float32', ['rows', 2]] },
  nodes: [
    {
      op: 'TreeEnsembleClassifier',
      domain: 'ai.onnx.ml',
      inputs: ['features'],
      outputs: ['label', 'probabilities'],
      attributes: [
        strings('classlabels_strings', ['no', 'yes']),
        ints('nodes_treeids', [0, 0, 0]),
        ints('nodes_nodeids', [0, 1, 2]),
        ints('nodes_featureids', [0, 0, 0]),
        floatList('nodes_values', [0, 0, 0]),
        strings('nodes_modes', ['BRANCH_LEQ', 'LEAF', 'LEAF']),
        ints('nodes_truenodeids', [1, 0, 0]),
        ints('nodes_falsenodeids', [2, 0, 0]),
        ints('class_treeids', [0, 0, 0, 0]),
        ints('class_nodeids', [1, 1, 2, 2]),
        ints('class_ids', [0, 1, 0, 1]),
        floatList('class_weights', [1, 0, 0, 1]),
      ],
    },
  ],
});
const LABEL = { name: 'label', kind: 'label', classes: ['no', 'yes'] };

describe('output_boundary_verified', { timeout: 60_000 }, () => {
  it('passes a softmax that says what it declares', async () => {
    const report = await run(twoFeatureModel());
    expect(`${report.outcome} ${problemsOf(report)}`).toBe('passed ');
    expect(report.measurements).toContainEqual({ name: 'rows[random rows]', value: 2000, unit: 'count' });
  });

  it('passes a tree whose labels are texts and agree with its scores', async () => {
    const report = await run(TREE, { outputs: [LABEL, ...CONTRACT.outputs], decision: { output: 'label' } });
    expect(`${report.outcome} ${problemsOf(report)}`).toBe('passed ');
  });

  it.each([
    [
      'probabilities beyond 1',
      LOGITS_AS_OUTPUT,
      {},
      /probabilities is outside of 0 to 1 for \d+ rows of the reference data/,
    ],
    ['probabilities that sum up to a half', HALVED, {}, /does not sum up to 1/],
    ['one class whatever the input', CONSTANT, {}, /gives one class for every row: no/],
    [
      'more classes than columns',
      twoFeatureModel(),
      { outputs: [{ ...CONTRACT.outputs[0], classes: ['no', 'yes', 'maybe'] }] },
      /has the shape \[\d+, 2\].*expected \[\d+, 3\]/,
    ],
    [
      'a label that is not declared',
      TREE,
      { outputs: [{ ...LABEL, classes: ['no', 'yes!'] }], decision: { output: 'label' } },
      /cannot be used|is none of its classes/,
    ],
    [
      'a label that its scores contradict',
      TREE,
      { outputs: [LABEL, { ...CONTRACT.outputs[0], classes: ['yes', 'no'] }], decision: { output: 'label' } },
      /label is not the class that probabilities makes the most of/,
    ],
    [
      'a regression beyond its range',
      LOGITS_AS_OUTPUT,
      { outputs: [{ name: 'probabilities', kind: 'regression', range: { min: 0, max: 1 } }] },
      /has the shape|is outside of its range/,
    ],
  ])('fails %s', async (_, artifact, contract, expected) => {
    const report = await run(artifact, contract);
    expect(['failed', 'insufficient_evidence']).toContain(report.outcome);
    expect(`${report.message}\n${problemsOf(report)}`).toMatch(expected);
  });

  it('never passes a model with an output that the contract leaves out', async () => {
    const report = await run(TREE, { outputs: [LABEL], decision: { output: 'label' } });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain(
      'lacks the output probabilities of the model, which nothing would look at',
    );
  });

  it('demands the kinds of output that the pipeline names', async () => {
    const logit = { outputs: [{ ...CONTRACT.outputs[0], kind: 'logit' }] };
    const demanding = { demanded_kinds: ['probabilities'] };
    const report = await run(LOGITS_AS_OUTPUT, logit, demanding);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('declares no output of the kind probabilities');
    expect((await run(twoFeatureModel(), {}, demanding)).outcome).toBe('passed');
  });

  it('draws the same rows from the same seed, and others from another', async () => {
    const failing = (seed: string) => run(LOGITS_AS_OUTPUT, {}, { seed });
    expect(JSON.stringify(await failing('a'))).toBe(JSON.stringify(await failing('a')));
    expect(JSON.stringify(await failing('a'))).not.toBe(JSON.stringify(await failing('b')));
  });
});
