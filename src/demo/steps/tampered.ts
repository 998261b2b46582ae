import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '../expect.ts';
import type { Narrator } from '../narrator.ts';
import { countersign, textOf } from '../observe.ts';
import { EXAMPLE, serve, servingFile, type World } from '../world.ts';
import { isAlert } from './bypassed.ts';
import { recordFile } from './governed.ts';

const GOVERNED = join(EXAMPLE, '4.1.2', 'model.onnx');

/** Step 7: the deployed bytes are swapped, and put back. */
export async function swapBytes(world: World, narrator: Narrator): Promise<void> {
  const alerted = world.slack.waitForMessage((message) => isAlert(message, 'hash_mismatch'), {
    timeoutMs: 30_000,
  });
  await serve(world, 'fraud-eu', join(EXAMPLE, '4.2.0', 'model.onnx'));
  const alert = await alerted;
  expect(textOf(alert).includes('4.1.2') && /critical/i.test(textOf(alert)), 'a critical alert about 4.1.2');
  narrator.fact('a critical hash_mismatch alert arrives:');
  narrator.quote(textOf(alert).split('\n')[0] ?? '');
  const resolved = world.slack.waitForMessage(
    ({ ts, ...message }) => ts === alert.ts && /resolved/i.test(textOf(message)),
    { timeoutMs: 30_000 },
  );
  await serve(world, 'fraud-eu', GOVERNED);
  await resolved;
  narrator.fact('the governed file is put back, and the same message says that it is resolved');
}

/** Step 8: the record is judged without server or database. */
export async function verifyOffline(world: World, narrator: Narrator): Promise<void> {
  const trust = join(world.dataDir, 'trust-policy.json');
  const exported = join(world.dataDir, 'exported-4.1.2.json');
  const swapped = join(world.dataDir, 'swapped.onnx');
  await writeFile(swapped, tampered(await readFile(servingFile(world, 'fraud-eu'))));
  for (const args of [
    ['trust-policy', '--output', trust],
    ['export', 'fraud-detection@4.1.2', '--output', exported],
  ]) {
    const { status, output } = await countersign(world, args);
    expect(status === 0, `countersign ${args[0]} to exit with 0: ${output}`);
  }
  await judgeOffline(world, recordFile(world), trust, swapped);
  const { good, bad } = await judgeOffline(world, exported, trust, swapped);
  narrator.fact('countersign verify: the governed bytes pass, the swapped ones fail, and it says why:');
  narrator.quote(good);
  narrator.quote(bad);
}

async function judgeOffline(
  world: World,
  record: string,
  trust: string,
  swapped: string,
): Promise<{ good: string; bad: string }> {
  const good = await countersign(world, ['verify', record, '--artifact', GOVERNED, '--trust', trust]);
  expect(
    good.status === 0 && good.output.includes('is governed'),
    `the governed bytes to verify offline: ${good.output}`,
  );
  const bad = await countersign(world, ['verify', record, '--artifact', swapped, '--trust', trust]);
  const explained = bad.output.includes('these are not the governed bytes');
  expect(
    bad.status === 1 && explained,
    `the swapped bytes to fail offline, got ${bad.status}: ${bad.output}`,
  );
  return { good: good.output, bad: bad.output };
}

/** The file with one byte changed. */
function tampered(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = Math.floor(copy.length / 2);
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}
