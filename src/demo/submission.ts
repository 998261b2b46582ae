import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemClock } from '../compose/clock.ts';
import { later, MINUTE } from '../lib/index.ts';
import { EXAMPLE } from './world.ts';

/** The command that submits a version of the example with all of its evidence, and follows it to its end. */
export function submitArguments(version: string, output: string): string[] {
  return [...submissionOf(version), '--wait', '--timeout', '2m', '--output', output];
}

/** The same once more, as a new attempt that waits for nobody. */
export function submitAgainArguments(version: string): string[] {
  return [...submissionOf(version), '--attempt', 'new'];
}

function submissionOf(version: string): string[] {
  const folder = join(EXAMPLE, version);
  const evidence = {
    model_card: join(folder, 'model-card.cdx.json'),
    predictions: join(folder, 'eval-predictions.parquet'),
    risk_questionnaire: join(folder, 'risk-questionnaire.yaml'),
    controls: join(folder, 'controls.yaml'),
    ...controlDocuments(join(folder, 'controls')),
  };
  return [
    'submit',
    ...['--model-id', 'fraud-detection', '--model-version', version],
    ...['--artifact', join(folder, 'model.onnx'), '--pipeline', join(EXAMPLE, 'governance-pipeline.yaml')],
    ...Object.entries(evidence).flatMap(([name, path]) => ['--evidence', `${name}=${path}`]),
    ...['--author', 'git:dana@kestrel-pay.example', '--trained-at', later(systemClock.now(), -90 * MINUTE)],
  ];
}

/** `risk-management.md` is the evidence of control `risk_management`. */
function controlDocuments(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((file) => [
      `control.${basename(file, '.md').replaceAll('-', '_')}`,
      join(folder, file),
    ]),
  );
}
