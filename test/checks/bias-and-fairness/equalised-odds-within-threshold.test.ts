import { describe, expect, it } from 'vitest';
import { RATIONALE } from '../support/decisions.ts';
import { csv, runCheck } from '../support/workspace.ts';

const PARAMETERS = {
  label: 'good',
  prediction: 'approved',
  protected_attributes: ['sex'],
  rationale: RATIONALE,
  mode: 'point',
};

/** A group by its counts of true positives, false negatives, false positives and true negatives. */
type Counts = readonly [sex: string, tp: number, fn: number, fp: number, tn: number];

function predictions(...groups: Counts[]): string {
  const rows = groups.flatMap(([sex, tp, fn, fp, tn]) =>
    (
      [
        [1, 1, tp],
        [1, 0, fn],
        [0, 1, fp],
        [0, 0, tn],
      ] as const
    ).flatMap(([good, approved, count]) => Array.from({ length: count }, () => [good, approved, sex])),
  );
  return csv(['good', 'approved', 'sex'], rows);
}

const run = (file: string, parameters: object = {}) =>
  runCheck(
    'equalised_odds_within_threshold',
    { predictions: file },
    { parameters: { ...PARAMETERS, ...parameters } },
  );

describe('equalised odds', () => {
  it('passes where both rates are alike', async () => {
    const report = await run(predictions(['f', 80, 20, 10, 90], ['m', 85, 15, 12, 88]));
    expect(report.outcome).toBe('passed');
    expect(report.message).toContain('sex f has true positive rate 0.80, m has 0.85: difference 0.05 ≤ 0.10');
  });

  it('fails on the true positive rate alone', async () => {
    const report = await run(predictions(['f', 60, 40, 10, 90], ['m', 80, 20, 10, 90]));
    expect(report.outcome).toBe('failed');
    expect(report.message).toBe(
      'equalised odds: sex f has true positive rate 0.60, m has 0.80: difference 0.20 > 0.10',
    );
  });

  it('fails on the false positive rate alone', async () => {
    const report = await run(predictions(['f', 80, 20, 10, 90], ['m', 80, 20, 40, 60]));
    expect(report.message).toBe(
      'equalised odds: sex f has false positive rate 0.10, m has 0.40: difference 0.30 > 0.10',
    );
  });

  it('cannot judge a constant label', async () => {
    const report = await run(predictions(['f', 80, 20, 0, 0], ['m', 80, 20, 0, 0]));
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('is the same outcome in every row');
  });

  it('cannot judge a group with few positives', async () => {
    const report = await run(predictions(['f', 4, 4, 50, 50], ['m', 80, 20, 50, 50]));
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('"f" is too small to assess: 8 positives of at least 10');
  });

  it('needs a label, and one in every row', async () => {
    expect((await run(predictions(), { label: undefined })).message).toContain('label is not set');
    const gap = csv(
      ['good', 'approved', 'sex'],
      [
        [1, 1, 'f'],
        ['', 0, 'f'],
      ],
    );
    expect((await run(gap)).message).toContain('1 row without a value in "good"');
  });

  it('reads a label that is spelled differently from the decision', async () => {
    const rows = ['f', 'm'].flatMap((sex) =>
      Array.from({ length: 40 }, (_, i) => [i % 2 ? 'fraud' : 'fine', i % 2 ? 'declined' : 'approved', sex]),
    );
    const file = csv(['truth', 'approved', 'sex'], rows);
    const report = await run(file, { label: 'truth', positive_label: 'fine', positive_outcome: 'approved' });
    expect(report.outcome).toBe('passed');
  });
});
