import { describe, expect, it } from 'vitest';
import { RATIONALE } from '../support/decisions.ts';
import { parquet } from '../support/parquet.ts';
import { csv, problemsOf, runCheck } from '../support/workspace.ts';

const PARAMETERS = { prediction: 'p', protected_attributes: ['g'], mode: 'point', rationale: RATIONALE };
const ODDS = { ...PARAMETERS, label: 'y' };
const parity = (predictions: string | Uint8Array, parameters: object = {}) =>
  runCheck(
    'demographic_parity_within_threshold',
    { predictions },
    { parameters: { ...PARAMETERS, ...parameters } },
  );
const odds = (predictions: string | Uint8Array, parameters: object = {}) =>
  runCheck('equalised_odds_within_threshold', { predictions }, { parameters: { ...ODDS, ...parameters } });

type Cells = readonly (string | number)[];
const rows = (count: number, of: (i: number) => Cells): Cells[] =>
  Array.from({ length: count }, (_, i) => of(i));

describe('values as programs write them', () => {
  it('a whole number in one column and 1.0 in the other are one outcome', async () => {
    const file = await parquet(`SELECT (i % 2)::INTEGER AS y, ((i // 2) % 2)::DOUBLE AS p,
      CASE WHEN i % 8 < 4 THEN 'a' ELSE 'b' END AS g FROM range(400) t(i)`);
    expect((await odds(file)).outcome).toBe('passed');
  });

  it('true and false', async () => {
    const file = await parquet(
      `SELECT i % 4 < 2 AS p, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS g FROM range(400) t(i)`,
    );
    expect((await parity(file, { positive_outcome: true })).outcome).toBe('passed');
    expect((await parity(file)).message).toContain(
      'never has the positive value "1" (it has "false", "true")',
    );
  });

  it('a decision that is NaN is missing, and no third outcome', async () => {
    const file = await parquet(
      `SELECT CASE WHEN i = 7 THEN 'NaN'::DOUBLE ELSE i % 2 END AS p, 'a' AS g FROM range(90) t(i)`,
    );
    expect((await parity(file)).message).toContain('1 row without a value in "p"');
  });

  it.each(['', 'NaN', 'null', '<NA>'])('a group spelled "%s" is missing', async (spelled) => {
    const report = await parity(
      csv(
        ['p', 'g'],
        rows(300, (i) => [i % 2, i % 3 === 0 ? spelled : `g${i % 3}`]),
      ),
    );
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('"g" is missing in 33.3 % of the rows');
  });

  it('a column that only an intersection has may not be missing either', async () => {
    const file = csv(
      ['p', 'g', 'h'],
      rows(600, (i) => [Math.floor(i / 6) % 2, `g${i % 2}`, i % 3 === 0 ? '' : 'x']),
    );
    const report = await parity(file, { intersections: [['g', 'h']] });
    expect(problemsOf(report)).toContain('predictions: g & h: "h" is missing in 33.3 % of the rows');
  });

  it('numbers of 400 digits are no scores', async () => {
    const file = csv(
      ['s', 'g'],
      rows(100, (i) => [i === 5 ? '9'.repeat(400) : 0.5, `g${i % 2}`]),
    );
    const report = await parity(file, { prediction: undefined, score: 's', threshold: 0.5 });
    expect(report.message).toContain('1 row with a score that is no finite number');
  });

  it('collects what is wrong, not only the first of it', async () => {
    const file = csv(
      ['p', 'g', 'w', 'id'],
      rows(200, (i) => [i === 3 ? '' : i % 2, `g${i}`, i === 9 ? -1 : 1, i % 199]),
    );
    const report = await parity(file, { weight: 'w', row_id: 'id' });
    expect(report.problems.map(({ message }) => message)).toEqual([
      '1 row without a value in "p"',
      '1 row with a weight that is no finite number of at least 0',
      'column "g" has more than 50 values: an id or a measurement rather than a group',
      '1 row whose id in "id" is missing or that of another row',
    ]);
  });
});

describe('labels that leave nothing to compare', () => {
  it('the same outcome in every row', async () => {
    const report = await odds(
      csv(
        ['y', 'p', 'g'],
        rows(200, (i) => [1, i % 2, `g${i % 4 < 2}`]),
      ),
    );
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('"y" is the same outcome in every row');
  });

  it('a true positive rate of 0 everywhere is reported for itself, beside the false positive rate', async () => {
    // fairlearn's ratio would be NaN here, or silently that of the other rate.
    const report = await odds(
      csv(
        ['y', 'p', 'g'],
        rows(400, (i) => [i % 2, i % 2 ? 0 : Math.floor(i / 4) % 2, `g${i % 4 < 2}`]),
      ),
    );
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toBe(
      'predictions: g: g: every rate is 0, so that nothing was compared (true positive rate)',
    );
    expect(report.measurements.map(({ name }) => name)).toContain('false_positive_rate_difference[g]');
  });
});

describe('weights', () => {
  it('a group is no larger for rows that weigh nothing', async () => {
    const file = csv(
      ['p', 'g', 'w'],
      rows(400, (i) => [Math.floor(i / 2) % 2, `g${i % 2}`, i % 2 && i > 40 ? 0 : 1]),
    );
    const report = await parity(file, { weight: 'w' });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain(
      '"g1" is too small to assess: 200 rows of at least 30 (by weight they count as 20.0)',
    );
  });

  it.each([1e300, 1e-300])('of %d cannot be added up', async (weight) => {
    const report = await parity(
      csv(
        ['p', 'g', 'w'],
        rows(200, (i) => [i % 2, `g${i % 4 < 2}`, weight]),
      ),
      { weight: 'w' },
    );
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('weights in "w" are too large or too small to be added up');
  });

  it('of 1 for everybody change nothing', async () => {
    const file = csv(
      ['p', 'g', 'w'],
      rows(300, (i) => [i % 3 ? 1 : 0, `g${i % 2}`, 1]),
    );
    const [plain, weighted] = await Promise.all([parity(file), parity(file, { weight: 'w' })]);
    expect(weighted).toEqual(plain);
  });
});

it('refuses a reference that names nothing that is compared', async () => {
  const report = await parity(
    csv(
      ['p', 'g'],
      rows(200, (i) => [i % 2, `g${i % 4 < 2}`]),
    ),
    {
      reference: { sexx: 'male' },
    },
  );
  expect(report.outcome).toBe('insufficient_evidence');
  expect(report.message).toContain('reference names "sexx", which is not compared');
});

it('finds a repeated row id in a file of more ids than are held at once', async () => {
  const ids = await parquet(
    `SELECT i % 1999999 AS id, i % 2 AS p, CASE WHEN i % 4 < 2 THEN 'a' ELSE 'b' END AS g FROM range(2000000) t(i)`,
  );
  const { message } = await parity(ids, { row_id: 'id' });
  expect(message).toContain('1 row whose id in "id" is missing or that of another row');
});
