import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approvals, difference, ratio } from './support/fairness.ts';
import { performance } from './support/performance.ts';
import { type Row, readRows } from './support/predictions.ts';

const FOLDER = join(import.meta.dirname, '../../examples/fraud-detection');
const predictionsOf = (version: string) => join(FOLDER, version, 'eval-predictions.parquet');

const GROUPINGS: Readonly<Record<string, (row: Row) => string>> = {
  sex: (row) => row.sex,
  age_band: (row) => row.age_band,
  'sex and age_band': (row) => `${row.sex} ${row.age_band}`,
};

describe('fairness of approvals, computed apart from checks and script', () => {
  const everyone = () => true;
  const legitimate = (row: Row) => row.is_fraud === 0;
  const fraudulent = (row: Row) => row.is_fraud === 1;

  it.each(Object.entries(GROUPINGS))(
    '4.1.2 is within every limit by %s, interval included',
    async (_, group) => {
      const rows = await readRows(predictionsOf('4.1.2'));
      expect(difference(approvals(rows, group, everyone)).high).toBeLessThan(0.08);
      expect(ratio(approvals(rows, group, everyone)).low).toBeGreaterThan(0.85);
      expect(difference(approvals(rows, group, legitimate)).high).toBeLessThan(0.08);
      expect(difference(approvals(rows, group, fraudulent)).high).toBeLessThan(0.08);
    },
  );

  it('4.2.0 is beyond every limit by age band, interval included', async () => {
    const rows = await readRows(predictionsOf('4.2.0'));
    const group = (row: Row) => row.age_band;
    expect(difference(approvals(rows, group, everyone)).low).toBeGreaterThan(0.15);
    expect(ratio(approvals(rows, group, everyone)).high).toBeLessThan(0.75);
    expect(difference(approvals(rows, group, legitimate)).low).toBeGreaterThan(0.15);
  });

  it('both versions are useful', async () => {
    for (const version of ['4.1.2', '4.2.0']) {
      expect(performance(await readRows(predictionsOf(version)))['auc']).toBeGreaterThan(0.9);
    }
  });
});
