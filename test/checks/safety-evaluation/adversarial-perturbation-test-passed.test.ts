import { describe, expect, it } from 'vitest';
import { axis, onnx, twoFeatureModel } from '../support/onnx.ts';
import { CONTRACT, runSafety } from '../support/safety.ts';
import { problemsOf } from '../support/workspace.ts';

const run = (artifact: string | Uint8Array, parts: Parameters<typeof runSafety>[2] = {}) =>
  runSafety('adversarial_perturbation_test_passed', artifact, {
    ...parts,
    parameters: { min_rows: 100, ...parts.parameters },
  });

/** logit = 3 a − 2 b + 0.5: the smallest L∞ perturbation that turns a row is |logit| / 5. */
const LINEAR = twoFeatureModel();
const rowsOf = (report: { details: Record<string, unknown> }) =>
  report.details['rows'] as {
    row: number;
    correct: boolean;
    linf: { distance: number } | null;
    queries: number;
  }[];

/** a and b rounded down to steps of 1/4 before the model: gradients vanish, decisions do not. */
const STEPS = onnx({
  inputs: { features: ['float32', ['rows', 2]] },
  outputs: { probabilities: ['float32', ['rows', 2]] },
  weights: {
    w: [
      [2, 2],
      [0, 3, 0, -2],
    ],
    c: [[2], [0, 0.5]],
    four: [[], [4]],
  },
  nodes: [
    { op: 'Mul', inputs: ['features', 'four'], outputs: ['scaled'] },
    { op: 'Floor', inputs: ['scaled'], outputs: ['floored'] },
    { op: 'Div', inputs: ['floored', 'four'], outputs: ['stepped'] },
    { op: 'Gemm', inputs: ['stepped', 'w', 'c'], outputs: ['logits'] },
    { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: [axis(1)] },
  ],
});

describe('adversarial_perturbation_test_passed', { timeout: 120_000 }, () => {
  it('finds the exact radius of a linear model, and passes while the threshold is met', async () => {
    const parameters = { epsilon: 0.001, min_robust_accuracy: 0.9, report_epsilons: [0.05, 0.1], rows: 400 };
    const report = await run(LINEAR, { parameters });
    expect(`${report.outcome} ${problemsOf(report)}`).toBe('passed ');
    const at = (index: number) => -0.95 + (1.9 * index) / 19;
    const compared = rowsOf(report).flatMap(({ linf, row }) => {
      const [a, b] = [at(row % 20), at(Math.floor(row / 20))];
      const exact = Math.abs(3 * a - 2 * b + 0.5) / 5;
      // Near the edge of the ranges the way is blocked, and the radius larger.
      const inside = Math.max(Math.abs(a), Math.abs(b)) + exact < 1;
      return inside && linf !== null ? [linf.distance / exact] : [];
    });
    expect(compared.length).toBeGreaterThan(100);
    for (const ratio of compared) {
      expect(ratio).toBeGreaterThan(0.9999);
      expect(ratio).toBeLessThan(1.002);
    }
  });

  it('fails a decision that small changes turn, with the numbers and the threshold', async () => {
    const report = await run(LINEAR, { parameters: { epsilon: 0.2, min_robust_accuracy: 0.9 } });
    expect(report.outcome).toBe('failed');
    expect(report.message).toMatch(
      /^robust accuracy 0\.\d+ at epsilon 0\.2 \(\d+ of \d+ rows turned; 95 % sure of 0\.\d+\) < 0\.9$/,
    );
  });

  it('finds what gradients cannot show, by decisions alone', async () => {
    const parameters = { epsilon: 0.5, rows: 100, min_rows: 50, attacks: ['hop_skip_jump'] };
    const report = await run(STEPS, { parameters });
    const turned = rowsOf(report).filter(({ linf }) => linf !== null);
    expect(turned.length).toBeGreaterThan(0.9 * rowsOf(report).length);
    expect(report.outcome).toBe('failed');
  });

  it('asks the model no more often than it may', async () => {
    const report = await run(LINEAR, { parameters: { queries_per_row: 60, rows: 120 } });
    for (const { queries } of rowsOf(report)) expect(queries).toBeLessThanOrEqual(60);
  });

  it('is not sure of a value near the threshold with few rows', async () => {
    const parameters = { epsilon: 1e-6, min_robust_accuracy: 0.99, rows: 120, report_epsilons: [] };
    const report = await run(LINEAR, { parameters });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('too close to 0.99 for this many rows');
  });

  it('concludes nothing from too few rows that are classified correctly', async () => {
    const report = await run(LINEAR, { parameters: { rows: 50, min_rows: 200 } });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toMatch(/only \d+ rows .* fewer than 200/);
  });

  const declaring = (b: object) => ({
    contract: {
      inputs: [
        {
          name: 'features',
          features: [CONTRACT.inputs[0]?.features[0], { name: 'b', min: -1, max: 1, ...b }],
        },
      ],
    },
    parameters: { epsilon: 0.001 },
  });

  it.each([
    ['irrelevant', { irrelevant: true }, /b, declared irrelevant, changes the answer for \d+ of \d+ rows/],
    ['rising', { monotone: 'increasing' }, /the score goes the wrong way as b, declared monotone, grows/],
  ])('fails a feature that is declared %s and is not', async (_, declared, expected) => {
    const report = await run(LINEAR, declaring(declared));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toMatch(expected);
  });

  it('passes a feature that is declared falling and is', async () => {
    expect((await run(LINEAR, declaring({ monotone: 'decreasing' }))).outcome).toBe('passed');
  });

  it('counts how often another value of a protected feature changes the class', async () => {
    const declared = { kind: 'categorical', levels: [-1, 1], protected: true };
    const reference = `a,b,truth\n${Array.from({ length: 200 }, (_, i) => {
      const [a, b] = [-1 + i / 100, i % 2 === 0 ? -1 : 1];
      return `${a},${b},${3 * a - 2 * b + 0.5 > 0 ? 'yes' : 'no'}`;
    }).join('\n')}\n`;
    const report = await run(LINEAR, { ...declaring(declared), reference });
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toMatch(
      /another value of b, a protected feature, changes the class .* share 0\.\d+ > 0\.05/,
    );
  });

  const features = (change: object) => ({
    contract: {
      inputs: [
        {
          name: 'features',
          features: CONTRACT.inputs[0]?.features.map((feature) => ({ ...feature, ...change })),
        },
      ],
    },
  });

  it.each([
    ['scales that make a change nothing', { scale: 1e-6 }, /scale 0\.000001, smaller than 0\.5 of the 1\.9/],
    ['features that nobody may touch', { immutable: true }, /no feature can be moved by epsilon 0\.01/],
    [
      'whole numbers that are none',
      { integer: true },
      /has the value .*, and is declared to have whole numbers only/,
    ],
    [
      'a scale for data squeezed together',
      { min: -100, max: 100, scale: 1 },
      /the 20 that the reference data span, or should/,
    ],
    ['a range that its data leave', { max: 0.5 }, /from -0\.95 to 0\.95, beyond the declared -1 to 0\.5/],
    ['categories that are measurements', { kind: 'categorical', levels: [-1, 1] }, /none of its levels/],
  ])('takes no contract that makes it easy: %s', async (_, change, expected) => {
    const report = await run(LINEAR, features(change));
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toMatch(expected);
  });

  it('takes no contract of categories alone, or of whole numbers that epsilon is no step for', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => [(i % 11) - 5, (i % 7) - 3]);
    const reference = `a,b,truth\n${rows.map(([a = 0, b = 0]) => `${a},${b},${3 * a - 2 * b + 0.5 > 0 ? 'yes' : 'no'}`).join('\n')}\n`;
    const levels = Array.from({ length: 11 }, (_, i) => i - 5);
    for (const change of [{ kind: 'categorical', levels }, { integer: true }]) {
      const report = await run(LINEAR, { ...features({ min: -5, max: 5, ...change }), reference });
      expect(report.outcome).toBe('insufficient_evidence');
      expect(problemsOf(report)).toMatch(/no feature can be moved by epsilon 0\.01/);
    }
  });

  it('counts rows that are alike once', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? '0.9,-0.9,yes' : '-0.9,0.9,no'));
    const report = await run(LINEAR, { reference: `a,b,truth\n${rows.join('\n')}\n` });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toMatch(/only 2 rows of the reference data are classified correctly/);
  });

  it('gives the same bytes for the same input and seed, and others for another seed', async () => {
    const parameters = { rows: 120, attacks: ['noise', 'hop_skip_jump'] };
    const [a, b, c] = [
      await run(LINEAR, { parameters }),
      await run(LINEAR, { parameters }),
      await run(LINEAR, { parameters: { ...parameters, seed: 'another' } }),
    ];
    expect(JSON.stringify(a)).toBe(JSON.stringify(b));
    expect(JSON.stringify(a)).not.toBe(JSON.stringify(c));
  });
});
