import { readdir, readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import {
  type CheckRequest,
  type CheckRunnerOptions,
  createCatalogue,
  createCheckRunner,
} from '../../../src/checks/index.ts';
import { BUNDLE } from '../../support/bundled.ts';
import { MISBEHAVING } from '../runner/misbehaving-checks.ts';
import { alreadyKnown } from './isolation.ts';
import { ARTIFACT_DIGEST, MODEL, NOW } from './workspace.ts';

/** The module of misbehaving checks, marked so that this process knows the children that are its own. */
export const MODULE = new URL(`checks/misbehaving-checks.js?by=${process.pid}`, pathToFileURL(`${BUNDLE}/`));

/** A request for one check, without evidence. */
export const request = (check: string, parts: Partial<CheckRequest> = {}): CheckRequest => ({
  check,
  ...MODEL,
  artifact: { path: '/nonexistent/artifact', digest: ARTIFACT_DIGEST },
  evidence: new Map(),
  parameters: {},
  passedChecks: [],
  now: NOW,
  ...parts,
});

/** A runner of the misbehaving checks. */
export const misbehaving = (options: CheckRunnerOptions = {}) =>
  createCheckRunner({
    module: MODULE,
    catalogue: createCatalogue([], MISBEHAVING),
    bundle: BUNDLE,
    ...alreadyKnown(options),
  });

/** Processes that run misbehaving checks of ours. */
export async function survivors(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(MODULE.href) && line.includes('/runner/child.'));
}
