import { describe, expect, it } from 'vitest';
import { DECISION_PARAMETERS, decisionsCsv, type GroupOf } from '../support/decisions.ts';
import { csv, problemsOf, runCheck } from '../support/workspace.ts';

const PARAMETERS = { ...DECISION_PARAMETERS, protected_attributes: ['age_band'] };
const run = (predictions: string | Uint8Array, parameters: object = {}, more: object = {}) =>
  runCheck(
    'demographic_parity_within_threshold',
    { predictions, ...more },
    { parameters: { ...PARAMETERS, ...parameters } },
  );

const groups = (...all: (readonly [string, number, number])[]): GroupOf[] =>
  all.map(([value, rows, approved]) => ({ values: [value], rows, approved }));

const GOOD = decisionsCsv(['age_band'], groups(['18-25', 100, 54], ['40-59', 100, 58]));
const BAD = decisionsCsv(['age_band'], groups(['18-25', 100, 31], ['26-39', 100, 50], ['40-59', 100, 58]));

describe('known good and known bad', () => {
  it('passes at 0.54 and 0.58', async () => {
    const report = await run(GOOD);
    expect(report.outcome).toBe('passed');
    expect(report.message).toBe(
      'demographic parity: the worst of 1 comparison: age_band 18-25 is approved at 0.54, 40-59 at 0.58: difference 0.04 ≤ 0.10',
    );
  });

  it('fails at 0.31 and 0.58, naming attribute, groups, numbers and threshold', async () => {
    const report = await run(BAD);
    expect(report.outcome).toBe('failed');
    expect(report.message).toBe(
      'demographic parity: age_band 18-25 is approved at 0.31, 40-59 at 0.58: difference 0.27 > 0.10',
    );
  });

  it('allows a difference of exactly the threshold, whatever floating point makes of 0.4 - 0.3', async () => {
    const edge = decisionsCsv(['age_band'], groups(['a', 100, 30], ['b', 100, 40]));
    expect((await run(edge)).outcome).toBe('passed');
  });

  it('says both numbers with enough digits to see which is larger', async () => {
    const edge = decisionsCsv(['age_band'], groups(['a', 1000, 300], ['b', 1000, 401]));
    expect((await run(edge)).message).toContain('difference 0.101 > 0.100');
  });

  it('finds a bias that only an intersection shows', async () => {
    const cells: GroupOf[] = [
      { values: ['f', 'young'], rows: 100, approved: 30 },
      { values: ['f', 'old'], rows: 100, approved: 70 },
      { values: ['m', 'young'], rows: 100, approved: 70 },
      { values: ['m', 'old'], rows: 100, approved: 30 },
    ];
    const both = { protected_attributes: ['sex', 'age_band'] };
    const predictions = decisionsCsv(['sex', 'age_band'], cells);
    const report = await run(predictions, both);
    expect(report.outcome).toBe('failed');
    expect(report.message).toMatch(
      /^demographic parity: sex & age_band . & \w+ is approved at 0.30, . & \w+ at 0.70/,
    );
    expect((await run(predictions, { ...both, intersections: 'none' })).outcome).toBe('passed');
  });
});

describe('refusals are insufficient evidence, never a pass', () => {
  it.each([
    ['no rows', 'id,decision,age_band\n', {}, 'has no rows'],
    ['unknown column', GOOD, { protected_attributes: ['religion'] }, 'has no column "religion"'],
    [
      'a decision is missing',
      csv(
        ['decision', 'age_band'],
        [
          ['approved', 'a'],
          ['', 'b'],
          ['declined', 'b'],
        ],
      ),
      {},
      '1 row without a value in "decision"',
    ],
    [
      'the positive outcome never occurs',
      GOOD,
      { positive_outcome: 'aproved' },
      'never has the positive value "aproved"',
    ],
    ['an id as an attribute', GOOD, { protected_attributes: ['id'] }, 'column "id" has more than 50 values'],
    [
      'row ids repeat',
      csv(
        ['id', 'decision', 'age_band'],
        [
          [1, 'approved', 'a'],
          [1, 'declined', 'b'],
        ],
      ),
      { row_id: 'id' },
      '1 row whose id in "id" is missing or that of another row',
    ],
    [
      'a weight below 0',
      csv(
        ['decision', 'age_band', 'w'],
        [
          ['approved', 'a', 1],
          ['declined', 'b', -1],
        ],
      ),
      { weight: 'w' },
      'weight that is no finite number',
    ],
    [
      'a score that is NaN',
      csv(
        ['score', 'age_band'],
        [
          ['NaN', 'a'],
          [0.2, 'b'],
        ],
      ),
      { prediction: undefined, score: 'score', threshold: 0.5 },
      'score that is no finite number',
    ],
    [
      'a score that is infinite',
      csv(
        ['score', 'age_band'],
        [
          ['inf', 'a'],
          [0.2, 'b'],
        ],
      ),
      { prediction: undefined, score: 'score', threshold: 0.5 },
      'score that is no finite number',
    ],
    [
      'a score without threshold',
      GOOD,
      { prediction: undefined, score: 'id' },
      'score is set without threshold',
    ],
    ['no attributes', GOOD, { protected_attributes: undefined }, 'protected_attributes is not set'],
    ['no rationale', GOOD, { rationale: undefined }, 'no rationale for the thresholds'],
  ])('%s', async (_, predictions, parameters, message) => {
    const report = await run(predictions, parameters);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message + problemsOf(report)).toContain(message);
  });

  it('no predictions at all', async () => {
    const report = await runCheck('demographic_parity_within_threshold', {}, { parameters: PARAMETERS });
    expect(report.message).toContain('no predictions were submitted');
  });
});
