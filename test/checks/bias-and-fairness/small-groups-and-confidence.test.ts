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
    expect(refused.message).toContain('"age_band" is missing in 7.4 % of the rows, more than 5.0 %');
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
