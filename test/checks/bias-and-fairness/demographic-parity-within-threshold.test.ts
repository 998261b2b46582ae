import { describe, expect, it } from 'vitest';
import { DECISION_PARAMETERS, decisionsCsv, type GroupOf } from '../support/decisions.ts';
import { HIGH_RISK, MINIMAL } from '../support/questionnaire.ts';
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
    [
      'an id as an attribute',
      GOOD,
      { protected_attributes: ['id'] },
      'column "id" has 200 values, more than 50',
    ],
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
      '1 row that repeat or lack the row id "id"',
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

describe('groups that are small, missing or left out', () => {
  const small = decisionsCsv(['age_band'], groups(['a', 500, 250], ['b', 500, 260], ['c', 12, 6]));

  it('does not drop a small group in silence', async () => {
    const report = await run(small);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('"c" is too small to assess: 12 rows of at least 30');
  });

  it('leaves it out with a justification, and still shows its numbers', async () => {
    const exclusions = [
      { attribute: 'age_band', group: 'c', justification: 'Pilot customers, evaluated by hand.' },
    ];
    const report = await run(small, { exclusions });
    expect(report.outcome).toBe('passed');
    expect(JSON.stringify(report.details)).toContain('"group":"c","rows":12');
  });

  it('refuses to leave out a group of 2 % or more', async () => {
    const exclusions = [
      { attribute: 'age_band', group: 'b', justification: 'We would rather not look at it.' },
    ];
    const report = await run(small, { exclusions });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain('"b" holds 49.4 % of the rows and may not be left out (2.0 %)');
  });

  it('a proven violation counts even where another group is too small', async () => {
    const mixed = decisionsCsv(['age_band'], groups(['a', 500, 100], ['b', 500, 400], ['c', 5, 1]));
    expect((await run(mixed)).outcome).toBe('failed');
  });

  it('shows few missing values as a group, and concludes nothing from many', async () => {
    const few = decisionsCsv(['age_band'], groups(['a', 500, 250], ['b', 500, 260], ['', 20, 2]));
    const many = decisionsCsv(['age_band'], groups(['a', 500, 250], ['b', 500, 260], ['', 80, 40]));
    const shown = await run(few);
    expect(shown.outcome).toBe('passed');
    expect(JSON.stringify(shown.details)).toContain('"group":"(missing)","rows":20');
    const refused = await run(many);
    expect(refused.outcome).toBe('insufficient_evidence');
    expect(refused.message).toContain('is missing in 7.4 % of the rows, more than 5.0 %');
  });

  it('compares missing values like any group once there are enough of them', async () => {
    const biased = decisionsCsv(['age_band'], groups(['a', 1000, 500], ['b', 1000, 500], ['', 40, 2]));
    expect((await run(biased)).message).toContain('(missing) is approved at 0.05');
  });
});

describe('confidence mode', () => {
  const apart = decisionsCsv(['age_band'], groups(['a', 200, 100], ['b', 200, 112]));
  const large = decisionsCsv(['age_band'], groups(['a', 5000, 2500], ['b', 5000, 2550]));

  it('wants the whole interval within the threshold', async () => {
    const report = await run(apart, { mode: 'confidence' });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toMatch(/rate difference 0.06 .* its 95 % interval -0.04 to 0.16 crosses 0.10/);
    expect((await run(apart)).outcome).toBe('passed');
    expect((await run(large, { mode: 'confidence' })).outcome).toBe('passed');
  });

  it('is the default for high_risk and for an unknown tier', async () => {
    const byTier = { mode: undefined };
    expect((await run(apart, byTier)).outcome).toBe('insufficient_evidence');
    expect((await run(apart, byTier, { risk_questionnaire: HIGH_RISK })).outcome).toBe(
      'insufficient_evidence',
    );
    expect((await run(apart, byTier, { risk_questionnaire: MINIMAL })).outcome).toBe('passed');
  });

  it('counts weighted rows by their effective number', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => [
      i % 2 ? 'approved' : 'declined',
      i < 200 ? 'a' : 'b',
      i % 40 ? 1 : 1000,
    ]);
    const report = await run(csv(['decision', 'age_band', 'w'], rows), { mode: 'confidence', weight: 'w' });
    // Ten rows carry nearly all weight, so that 400 rows prove no more than about five a group.
    expect(report.outcome).toBe('insufficient_evidence');
  });
});

it('turns scores into decisions on the side that the policy says', async () => {
  const rows = [...Array(60)].map((_, i) => [i / 60, i % 2 ? 'a' : 'b']);
  const scored = {
    prediction: undefined,
    positive_outcome: 1,
    score: 's',
    threshold: 0.25,
    outcome_name: 'cleared',
  };
  const file = csv(['s', 'age_band'], rows);
  expect((await run(file, { ...scored, positive_when: 'below' })).message).toContain(
    'a is cleared at 0.23, b at 0.27',
  );
  expect((await run(file, scored)).message).toContain('b is cleared at 0.73, a at 0.77');
});

it('gives the same bytes for the same input', async () => {
  const weighted = csv(
    ['decision', 'age_band', 'w'],
    [...Array(3000)].map((_, i) => [i % 3 ? 'approved' : 'declined', `g${i % 7}`, 0.1 + (i % 11) / 7]),
  );
  const [one, other] = await Promise.all([run(weighted, { weight: 'w' }), run(weighted, { weight: 'w' })]);
  expect(JSON.stringify(one)).toBe(JSON.stringify(other));
});
