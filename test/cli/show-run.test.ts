import { describe, expect, it } from 'vitest';
import { failuresOf } from '../../src/cli/show/run.ts';

const failed = (message: string, ...problems: { message: string; remedy?: string }[]) =>
  failuresOf({
    name: 'bias_and_fairness',
    state: 'failed',
    results: [
      {
        check: 'parity',
        outcome: 'failed',
        message,
        problems: problems.map((problem) => ({ where: 'predictions', ...problem })),
      },
    ],
  });

describe('why a stage did not pass', () => {
  it('is not told twice', () => {
    expect(
      failed(
        'age_band 18-25: 0.61; sex f: 0.40',
        { message: 'age_band 18-25: 0.61' },
        { message: 'sex f: 0.40' },
      ),
    ).toEqual(['parity: failed: age_band 18-25: 0.61; sex f: 0.40']);
  });

  it('is not told twice where only the first sentence repeats the title', () => {
    const said = 'parity: sex f at 0.4; age 18-25 at 0.3';
    expect(
      failed(said, { message: 'parity: sex f at 0.4' }, { message: 'parity: age 18-25 at 0.3' }),
    ).toEqual([`parity: failed: ${said}`]);
    expect(failed(said, { message: 'parity: age 26-40 at 0.3' })).toHaveLength(2);
  });

  it('is told with what only the problems say, and each remedy once', () => {
    const remedy = 'retrain';
    expect(
      failed('low: a; b', { message: 'a', remedy }, { message: 'b', remedy }, { message: 'c', remedy }),
    ).toEqual(['parity: failed: low: a; b', '  predictions: retrain', '  predictions: c (retrain)']);
  });
});
