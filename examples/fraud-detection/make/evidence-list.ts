import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The files of a version's folder by the name under which checks read them; the control documents are added. */
const EVIDENCE: Readonly<Record<string, string>> = {
  model_card: 'model-card.cdx.json',
  predictions: 'eval-predictions.parquet',
  artifact_signature: 'model.sig',
  risk_questionnaire: 'risk-questionnaire.yaml',
  controls: 'controls.yaml',
  model_contract: 'model-contract.json',
  reference_data: 'held-out-evaluation-sample.csv',
  deployment: 'deployment.yaml',
  openapi: 'openapi.yaml',
  input_validation_tests: 'input-validation-tests.yaml',
  'dataset.training': 'training.croissant.json',
  'dataset.held_out_evaluation': 'held-out-evaluation.croissant.json',
  'data.training': 'training-sample.csv',
  'data.held_out_evaluation': 'held-out-evaluation-sample.csv',
};

/** Writes `evidence.yaml`, from which `countersign submit --evidence-list` takes names and paths. */
export function writeEvidenceList(folder: string): void {
  const controls = readdirSync(join(folder, 'controls'))
    .sort()
    .map((file): [string, string] => [
      `control.${basename(file, '.md').replaceAll('-', '_')}`,
      `controls/${file}`,
    ]);
  const lines = [...Object.entries(EVIDENCE), ...controls].map(([name, file]) => `${name}: ${file}`);
  writeFileSync(join(folder, 'evidence.yaml'), `${lines.join('\n')}\n`);
}
