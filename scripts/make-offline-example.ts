// Makes examples/offline anew: a real record, as a package and alone, and the trust policy to verify it by, as the first
// half of the demo leaves them. Needed when a predicate, the example's model or its pipeline changes: node scripts/make-offline-example.ts
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPackage } from '../src/attestation/index.ts';
import { toJsonText } from '../src/cli/output-file.ts';
import { expect } from '../src/demo/expect.ts';
import { createNarrator } from '../src/demo/narrator.ts';
import { countersign } from '../src/demo/observe.ts';
import { governVersion } from '../src/demo/steps/governed.ts';
import { openWorld } from '../src/demo/world.ts';
import { describeProblems } from '../src/lib/index.ts';

const FOLDER = join(import.meta.dirname, '../examples/offline');

await mkdir(FOLDER, { recursive: true });
const narrator = createNarrator(process.stdout);
const world = await openWorld((message) => narrator.quote(message));
try {
  await governVersion(world, narrator);
  const output = join(FOLDER, 'record.tar');
  const { status, output: said } = await countersign(world, [
    'export',
    'fraud-detection@4.1.2',
    '--output',
    output,
  ]);
  expect(status === 0, `countersign export to exit with 0: ${said}`);
  const opened = readPackage(await readFile(output));
  if (!opened.ok) throw new Error(describeProblems(opened.problems));
  const { record, policy } = opened.value;
  await writeFile(join(FOLDER, 'record.json'), toJsonText(record));
  await writeFile(join(FOLDER, 'trust-policy.json'), toJsonText(policy.policy));
} finally {
  await world.close();
}
