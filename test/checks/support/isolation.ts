import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type CheckRunnerOptions, createCheckRunner, type IsolationKind } from '../../../src/checks/index.ts';
import { BUNDLE } from '../../support/bundled.ts';

/** What this machine can do. */
interface Found {
  readonly strongest: IsolationKind;
  readonly limited: IsolationKind;
}

/** Compiled code of the built-in checks, for sandboxes that keep it from being changed. */
const COMPILED = join(inject('runFolder'), 'checks');
const FOUND = join(inject('runFolder'), 'isolation.json');

/** To try a sandbox is to load all checks in it: the first file that asks does so, for all others too. */
async function find(): Promise<Found> {
  const kept = await readFile(FOUND, 'utf8').catch(() => null);
  if (kept !== null) return JSON.parse(kept);
  const { kind: strongest } = await createCheckRunner({
    bundle: BUNDLE,
    cacheFolder: COMPILED,
  }).isolationInForce();
  const { kind: limited } = await createCheckRunner({
    bundle: BUNDLE,
    strongest: 'prlimit',
  }).isolationInForce();
  const found = { strongest, limited };
  await writeFile(`${FOUND}.${process.pid}`, JSON.stringify(found));
  await rename(`${FOUND}.${process.pid}`, FOUND);
  return found;
}

// What this machine can do decides which isolations are tried; the weakest is tried everywhere.
export const { strongest, limited } = await find();
export const kinds = [...new Set([strongest, limited, 'none' as const])];
/** The strongest and the weakest, for the long list of ways to misbehave: what lies between has the walls of both. */
export const extremes = [...new Set([strongest, 'none' as const])];

/** Options with which nothing is tried again that is known to work here, nor compiled again. */
export function alreadyKnown(options: CheckRunnerOptions = {}): CheckRunnerOptions {
  const { strongest: kind = strongest, cacheFolder } = options;
  if (cacheFolder !== undefined || !kinds.includes(kind)) return options;
  return {
    ...options,
    known: kind,
    bundle: BUNDLE,
    ...(kind === 'bubblewrap' ? { cacheFolder: COMPILED } : {}),
  };
}
