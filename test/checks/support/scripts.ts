import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CheckRequest,
  type CheckRun,
  type CheckRunnerOptions,
  createCatalogue,
  createCheckRunner,
  defineScript,
  type ScriptDefinition,
} from '../../../src/checks/index.ts';
import { digestOf } from '../../../src/domain/index.ts';
import { alreadyKnown } from './isolation.ts';
import { request } from './runner.ts';
import { fileOf, temporaryFolder } from './workspace.ts';

/** A script to be put into a folder of checks, and what may differ from the usual. */
export interface TestScript {
  readonly file?: string;
  readonly text: string;
  readonly mode?: number;
  readonly definition?: Partial<Omit<ScriptDefinition, 'script'>>;
  readonly script?: Partial<ScriptDefinition['script']>;
}

/** Puts a script into a folder of checks and pins it. */
export async function install({
  file = 'probe.py',
  text,
  mode = 0o644,
  definition,
  script,
}: TestScript): Promise<ScriptDefinition> {
  const directory = join(await temporaryFolder(), 'checks');
  await mkdir(directory);
  await writeFile(join(directory, file), text);
  await chmod(join(directory, file), mode);
  return {
    name: 'probe',
    stage: 'tests',
    version: '1.0.0',
    proves: '',
    doesNotProve: '',
    evidence: [{ name: 'data', required: false, description: '' }],
    parameters: {},
    formats: null,
    ...definition,
    script: {
      directory,
      file,
      digest: digestOf(text),
      interpreter: null,
      libraries: [],
      needsBubblewrap: false,
      ...script,
    },
  };
}

/** A request for the script, on an artifact that is there. */
export async function scriptRequest(parts: Partial<CheckRequest> = {}): Promise<CheckRequest> {
  return request('probe', {
    artifact: await fileOf(await temporaryFolder(), 'artifact', 'the model'),
    ...parts,
  });
}

/** Runs an installed script. */
export async function runInstalled(
  definition: ScriptDefinition,
  parts: Partial<CheckRequest> = {},
  options: CheckRunnerOptions = {},
): Promise<CheckRun> {
  const catalogue = createCatalogue([defineScript(definition)]);
  return createCheckRunner({ catalogue, ...alreadyKnown(options) }).run(await scriptRequest(parts));
}

/** Python that prints a value as JSON. */
export const printing = (expression: string, before = '') =>
  `import json, os, sys\n${before}\nprint(json.dumps(${expression}))\n`;
