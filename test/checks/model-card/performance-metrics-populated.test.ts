import { describe, expect, it } from 'vitest';
import { card, METRICS } from '../support/card.ts';
import { FAIRLEARN_CSV } from '../support/fairlearn.ts';
import { csv, problemsOf, runCheck } from '../support/workspace.ts';

/** 8 rows: women 1 of 2 frauds found, men 2 of 2; accuracy 6/8. */
const PREDICTIONS = csv(
  ['fraud', 'flagged', 'score', 'sex'],
  [
    [1, 1, 0.9, 'female'],
    [1, 0, 0.4, 'female'],
    [0, 0, 0.1, 'female'],
    [0, 0, 0.2, 'female'],
    [1, 1, 0.8, 'male'],
    [1, 1, 0.7, 'male'],
    [0, 1, 0.7, 'male'],
    [0, 0, 0.3, 'male'],
  ],
);
const COLUMNS = { label: 'fraud', prediction: 'flagged' };

const run = (
  metrics: readonly unknown[],
  parameters: object = COLUMNS,
  more: object = { predictions: PREDICTIONS },
) =>
  runCheck(
    'performance_metrics_populated',
    { model_card: card({ metrics }), ...more },
    { parameters: { ...parameters } },
  );
const sliced = { type: 'recall', value: '0.5', slice: 'sex=female' };

describe('values that agree with the predictions', () => {
  it('pass, as text, percent, alias and slice', async () => {
    const report = await run([
      { type: 'Accuracy', value: '75 %' },
      { type: 'precision', value: '0.75' },
      { type: 'sensitivity', value: '0.75' },
      { type: 'F1-score', value: '0.75', confidenceInterval: { lowerBound: '0.6', upperBound: '0.9' } },
      { type: 'fpr', value: '0.25', slice: 'overall' },
      { type: 'specificity', value: '1', slice: 'sex = female' },
      sliced,
    ]);
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
    expect(report.message).toMatch(/^7 metrics stated, 7 recomputed and within 0\.005: \S+ [\d.]+, /);
  });

  it('recomputes the weighted recall that fairlearn documents, 0.454545', async () => {
    const columns = { label: 'y', prediction: 'p', weight: 'w', tolerance: 1e-6 };
    const metrics = [
      { type: 'recall', value: '0.454545' },
      { type: 'recall', value: '0.583333', slice: 'sf=b' },
      { type: 'recall', value: '0', slice: 'sf=a & g2=6' },
    ];
    expect((await run(metrics, columns, { predictions: FAIRLEARN_CSV })).outcome).toBe('passed');
  });

  it('recomputes the area under the curve, ties counting half', async () => {
    const scored = { label: 'fraud', score: 'score', threshold: 0.5 };
    // 16 pairs: 0.9 and 0.8 beat four each, 0.7 beats three and ties one, 0.4 beats three.
    const metrics = [
      { type: 'auc', value: String(14.5 / 16) },
      { type: 'auc', value: '1', slice: 'sex=female' },
      sliced,
    ];
    const report = await run(metrics, scored);
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
    const below = await run(metrics, { ...scored, positive_when: 'below', positive_label: 0 });
    expect(below.outcome).toBe('failed');
  });
});

/** tp 3, fn 1, fp 1, tn 3; by score from the top: positives 0.9, 0.8, then 0.7 tied with a negative, 0.4. */
const AGREEING = {
  mcc: 0.5,
  cohen_kappa: 0.5,
  macro_f1: 0.75,
  micro_f1: 0.75,
  weighted_f1: 0.75,
  macro_precision: 0.75,
  macro_recall: 0.75,
  average_precision: (1 + 1 + 3 / 4 + 4 / 5) / 4,
  pr_auc: (1 + 1 + (1 + 3 / 4) / 2 + (3 / 4 + 4 / 5) / 2) / 4,
  brier_score: (0.01 + 0.36 + 0.01 + 0.04 + 0.04 + 0.09 + 0.49 + 0.09) / 8,
  log_loss: -Math.log(0.9 * 0.4 * 0.9 * 0.8 * 0.8 * 0.7 * 0.3 * 0.7) / 8,
};
const SCORED = { ...COLUMNS, score: 'score', tolerance: 1e-6, require_sliced_metric: false };

describe('every metric of two classes is recomputed', () => {
  it.each(Object.entries(AGREEING))('%s', async (type, value) => {
    const agreeing = await run([{ type, value: String(value) }], SCORED);
    expect(`${agreeing.outcome}: ${agreeing.message}`).toBe(
      `passed: 1 metric stated, 1 recomputed and within 0.000001: ${type} ${Number(value.toPrecision(6))}`,
    );
    const contradicting = await run([...METRICS, { type, value: '0.99' }], SCORED);
    expect(contradicting.outcome).toBe('failed');
    expect(contradicting.message).toContain(`${type} is stated as 0.99, but the predictions give`);
  });

  it('whichever side of the threshold is positive', async () => {
    const mirrored = PREDICTIONS.replace(/0\.(\d)/g, (_, tenths) => `0.${10 - Number(tenths)}`);
    const { average_precision, pr_auc, brier_score, log_loss } = AGREEING;
    const metrics = Object.entries({ average_precision, pr_auc, brier_score, log_loss });
    const report = await run(
      metrics.map(([type, value]) => ({ type, value: String(value) })),
      { ...SCORED, positive_when: 'below' },
      { predictions: mirrored },
    );
    expect(problemsOf(report)).toBe('');
  });
});

describe('a card that contradicts the evidence fails', () => {
  it.each([
    [
      'overall',
      { type: 'accuracy', value: '0.76' },
      'accuracy is stated as 0.76, but the predictions give 0.7500; more than 0.005 apart',
    ],
    [
      'in a slice',
      { type: 'recall', value: '0.9', slice: 'sex=female' },
      'recall of sex=female is stated as 0.9, but the predictions give 0.5000; more than 0.005 apart',
    ],
  ])('%s', async (_, metric, message) => {
    const report = await run([sliced, metric].slice(metric.type === 'accuracy' ? 0 : 1));
    expect(report.outcome).toBe('failed');
    expect(report.message).toBe(message);
  });

  it('within the tolerance that the policy gives', async () => {
    expect(
      (await run([{ type: 'accuracy', value: '0.76' }, sliced], { ...COLUMNS, tolerance: 0.01 })).outcome,
    ).toBe('passed');
  });
});

describe('values that say nothing fail', () => {
  it.each([
    ['prose', { type: 'accuracy', value: 'very good' }, '"very good" is no finite number'],
    [
      "the schema's own words",
      { type: 'accuracy', value: 'The value of the performance metric' },
      'is no finite number',
    ],
    ['infinity', { type: 'rmse', value: 'Infinity' }, 'is no finite number'],
    ['an overflow', { type: 'rmse', value: '1e999' }, 'is no finite number'],
    ['a spread', { type: 'accuracy', value: '0.9 ± 0.1' }, 'is no finite number'],
    ['a share above 1', { type: 'accuracy', value: '75' }, 'accuracy 75 is outside 0 to 1'],
    ['a negative error', { type: 'rmse', value: '-1' }, 'rmse -1 is outside 0 to Infinity'],
    ['an unknown type', { type: 'goodness', value: '0.9' }, '"goodness" is no metric that we know'],
    ['no type', { value: '0.9' }, 'is empty'],
    [
      'an interval beside its value',
      { type: 'accuracy', value: '0.75', confidenceInterval: { lowerBound: '0.8', upperBound: '0.9' } },
      'is no interval around the value',
    ],
  ])('%s', async (_, metric, message) => {
    const report = await run([...METRICS, metric]);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('no metric at all', async () => {
    expect((await run([])).message).toBe(
      'the card states no performance metric (quantitativeAnalysis.performanceMetrics)',
    );
  });

  it('the same metric with two values', async () => {
    const report = await run([{ type: 'accuracy', value: '0.75' }, { type: 'acc', value: '0.752' }, sliced]);
    expect(problemsOf(report)).toContain('accuracy is stated as 0.75 and as 0.752');
  });

  it('no slice, unless the policy does without', async () => {
    const whole = [
      { type: 'accuracy', value: '0.75' },
      { type: 'recall', value: '0.75', slice: 'held-out' },
    ];
    expect((await run(whole)).message).toBe('no metric is stated for a slice');
    const unsliced = { ...COLUMNS, require_sliced_metric: false, not_recomputed: ['Held-out'] };
    expect((await run(whole, unsliced)).outcome).toBe('passed');
  });

  it('no evaluation data', async () => {
    const silent = card({ metrics: METRICS, modelCard: { modelParameters: { datasets: [] } } });
    const report = await runCheck('performance_metrics_populated', { model_card: silent });
    expect(report.message).toBe('no evaluation dataset is named');
  });
});

describe('what cannot be recomputed is insufficient evidence once the policy asks for it', () => {
  it.each([
    ['no predictions', METRICS, COLUMNS, {}, 'no predictions were submitted'],
    [
      'a column that is not there',
      [{ ...sliced, slice: 'religion=none' }],
      COLUMNS,
      undefined,
      'the predictions have no column religion',
    ],
    [
      'a slice without rows',
      [{ ...sliced, slice: 'sex=other' }],
      COLUMNS,
      undefined,
      'the predictions have no row in this slice',
    ],
    [
      'a metric of scores without a score',
      [...METRICS, { type: 'log_loss', value: '0.3', slice: 'sex=female' }],
      COLUMNS,
      undefined,
      'log_loss of sex=female cannot be recomputed: the pipeline names no score column',
    ],
    [
      'a false metric that we do not compute beside true ones',
      [...METRICS, { type: 'ndcg', value: '0.99' }],
      COLUMNS,
      undefined,
      'ndcg cannot be recomputed: it is not computed from decisions and scores',
    ],
    [
      'a false metric of a slice that is only a name',
      [...METRICS, { type: 'accuracy', value: '0.99', slice: 'all customers' }],
      COLUMNS,
      undefined,
      'accuracy of "all customers" cannot be recomputed: its slice is a name',
    ],
    [
      'predictions of a high-risk model, and no label',
      METRICS,
      {},
      undefined,
      'predictions were submitted, but the pipeline names no label column',
    ],
    [
      'only metrics that the operator excuses',
      [{ type: 'ndcg', value: '0.3', slice: 'sex=female' }],
      { ...COLUMNS, not_recomputed: ['NDCG'] },
      undefined,
      'none of the stated metrics can be recomputed',
    ],
    [
      'the log loss of scores that are no probabilities',
      [{ type: 'log_loss', value: '0.3', slice: 'sex=female' }],
      { ...COLUMNS, score: 'score' },
      { predictions: PREDICTIONS.replaceAll('0.9', '1.9') },
      'the scores are no probabilities between 0 and 1',
    ],
    [
      'a label without a decision',
      METRICS,
      { label: 'fraud' },
      undefined,
      'neither prediction nor score is set',
    ],
    [
      'an unknown label column',
      METRICS,
      { label: 'truth', prediction: 'flagged' },
      undefined,
      'the predictions cannot be used',
    ],
  ])('%s', async (_, metrics, parameters, more, message) => {
    const report = await run(metrics, parameters, more);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain(message);
  });

  it('and says so when the policy does not', async () => {
    const report = await run(METRICS, {}, {});
    expect(report.outcome).toBe('passed');
    expect(report.message).toContain('not recomputed');
  });
});
