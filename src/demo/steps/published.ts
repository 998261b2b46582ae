import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { eventually } from '../expect.ts';
import type { Narrator } from '../narrator.ts';
import type { World } from '../world.ts';

/** The evidence lies next to the artifact, with a summary of the verdict that others understand. */
export async function expectPublished(world: Pick<World, 'dataDir'>, narrator: Narrator): Promise<void> {
  const folder = join(world.dataDir, 'published', 'fraud-detection', '4.1.2');
  const summaries = ['verification-summary', 'verification-summary.monitor'].map((name) =>
    join(folder, name, 'production.sigstore.json'),
  );
  await eventually(async () => {
    const results = await Promise.all(summaries.map(resultIn));
    return results.every((result) => result === 'PASSED') ? true : null;
  }, 'verification summaries of 4.1.2, by the ledger and by the monitor, that say PASSED');
  narrator.fact(
    `its record, statements and SLSA summaries (PASSED, by two keys) are published in ${relative(process.cwd(), folder)}`,
  );
}

/** What a verification summary says; null while there is none. */
async function resultIn(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const { dsseEnvelope } = JSON.parse(text) as { dsseEnvelope: { payload: string } };
  const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')) as {
    predicate: { verificationResult: string };
  };
  return statement.predicate.verificationResult;
}
