import type { LabelledTransaction, Transaction } from './data.ts';
import { sha256Of } from './digest.ts';
import { FEATURES } from './features.ts';

/** A dataset as CSV, and its first rows: the whole is only hashed, the sample lies beside the model. */
export interface Snapshot {
  readonly sample: string;
  readonly sampleRows: number;
  readonly rows: number;
  readonly sha256: { readonly whole: string; readonly sample: string };
}

const SAMPLE_ROWS = 320;

/** The rows as the model's makers keep them: a token for the customer, no name, address or account. */
export function snapshotOf(rows: readonly (Transaction | LabelledTransaction)[], key: string): Snapshot {
  const header = ['customer_token', 'sex', 'age_band', ...FEATURES.map(({ name }) => name), 'is_fraud'];
  const lines = rows.map((row, index) => {
    const token = sha256Of(`${key}/${index}`).slice(0, 16);
    const label = 'labelledFraud' in row ? row.labelledFraud : row.fraud;
    return [token, row.sex, row.ageBand, ...row.features, label ? 1 : 0].join(',');
  });
  const text = (kept: readonly string[]) => `${[header.join(','), ...kept].join('\n')}\n`;
  const sample = text(lines.slice(0, SAMPLE_ROWS));
  return {
    sample,
    sampleRows: Math.min(SAMPLE_ROWS, rows.length),
    rows: rows.length,
    sha256: { whole: sha256Of(text(lines)), sample: sha256Of(sample) },
  };
}
