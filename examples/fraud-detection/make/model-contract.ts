import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FEATURES } from './features.ts';
import { DECLINE_FROM } from './predictions.ts';
import { MODEL_ID } from './versions.ts';

/** What must make a purchase more suspicious the more of it there is, whatever the data said. */
const INCREASING = ['amount_vs_usual', 'purchases_24h', 'failed_logins_24h', 'delivery_km_log10'];

/** Writes `model-contract.json`: what goes into the model and what comes out. */
export function writeModelContract(folder: string, version: string): void {
  const features = FEATURES.map(({ name, min, max, decimals }) => ({
    name,
    min,
    max,
    ...(decimals === 0 ? { integer: true } : {}),
    // Nobody can make an account older or younger.
    ...(name === 'account_years' ? { immutable: true } : {}),
    ...(INCREASING.includes(name) ? { monotone: 'increasing' } : {}),
  }));
  const contract = {
    format: 'countersign-model-contract/v1',
    model: { id: MODEL_ID, version },
    inputs: [{ name: 'features', features }],
    outputs: [{ name: 'probabilities', kind: 'probabilities', classes: ['0', '1'] }],
    decision: { output: 'probabilities', threshold: DECLINE_FROM },
    label: 'is_fraud',
  };
  writeFileSync(join(folder, 'model-contract.json'), `${JSON.stringify(contract, null, 2)}\n`);
}
