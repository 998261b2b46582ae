// Makes examples/offline anew: a real record and the trust policy to verify it by, as the first half of the demo leaves
// them. Needed when a predicate, the example's model or its pipeline changes: node scripts/make-offline-example.ts
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '../src/demo/expect.ts';
import { createNarrator } from '../src/demo/narrator.ts';
import { countersign } from '../src/demo/observe.ts';
import { governVersion } from '../src/demo/steps/governed.ts';
import { openWorld } from '../src/demo/world.ts';

const FOLDER = join(import.meta.dirname, '../examples/offline');

await mkdir(FOLDER, { recursive: true });
const narrator = createNarrator(process.stdout);
const world = await openWorld((message) => narrator.quote(message));
try {
  await governVersion(world, narrator);
  for (const args of [
    ['export', 'fraud-detection@4.1.2', '--output', join(FOLDER, 'record.json')],
    ['trust-policy', '--output', join(FOLDER, 'trust-policy.json')],
  ]) {
    const { status, output } = await countersign(world, args);
    expect(status === 0, `countersign ${args[0]} to exit with 0: ${output}`);
  }
} finally {
  await world.close();
}
