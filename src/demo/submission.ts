import { join } from 'node:path';
import { systemClock } from '../compose/clock.ts';
import { later, MINUTE } from '../lib/index.ts';
import { EXAMPLE, REFERENCE_PIPELINE } from './world.ts';

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
  return [
    'submit',
    ...['--model-id', 'fraud-detection', '--model-version', version],
    ...['--artifact', join(folder, 'model.onnx'), '--pipeline', REFERENCE_PIPELINE],
    ...['--evidence-list', join(folder, 'evidence.yaml')],
    ...['--author', 'git:dana@kestrel-pay.example', '--trained-at', later(systemClock.now(), -90 * MINUTE)],
  ];
}
