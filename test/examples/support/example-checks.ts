import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import {
  BUILT_IN_CHECKS,
  type Check,
  type CheckFile,
  checkByName,
  effectiveParameters,
  readsEvidence,
} from '../../../src/checks/index.ts';
import {
  CheckParameters,
  type CheckReport,
  checkStages,
  digestOf,
  parsePipeline,
  withCheckParameters,
} from '../../../src/domain/index.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples');
export const FOLDER = join(EXAMPLES, 'fraud-detection');
/** A day on which no document has expired. */
const NOW = '2026-11-23T12:00:00.000Z';

/** The reference pipeline as it stands in the specification, with what its checks are told about the example. */
function examplePipeline() {
  const text = readFileSync(join(EXAMPLES, 'governance-pipeline.yaml'), 'utf8');
  const pipeline = parsePipeline(text, 'governance-pipeline.yaml');
  if (!pipeline.ok) throw new Error(JSON.stringify(pipeline.problems));
  const parameters = parse(readFileSync(join(FOLDER, 'check-parameters.yaml'), 'utf8'));
  return withCheckParameters(pipeline.value, CheckParameters.parse(parameters));
}

/** All that a run of a check on the example takes, changed at will. */
export interface Change {
  /** Replaces the text of evidence by name; null takes it away. */
  readonly evidence?: Readonly<Record<string, ((text: string) => string | Uint8Array) | null>>;
  /** Takes evidence of these names from the other version. */
  readonly fromVersion?: readonly [version: string, ...names: string[]];
  /** Replaces the artifact's bytes. */
  readonly artifact?: (bytes: Buffer) => Uint8Array;
  readonly now?: string;
}

/** Names of the checks, in the order in which the pipeline has them. */
export const checkOrder = (): readonly string[] =>
  checkStages(examplePipeline()).flatMap(({ checks }) => checks.map(({ name }) => name));

/** Runs one check of the pipeline on a version of the example, as it is or changed; all checks before it have passed. */
export async function runOnExample(version: string, name: string, change: Change = {}): Promise<CheckReport> {
  const stage = checkStages(examplePipeline()).find(({ checks }) => checks.some((use) => use.name === name));
  const check = checkByName(name);
  const parameters = stage && effectiveParameters(stage, BUILT_IN_CHECKS);
  if (check === undefined || !parameters?.ok) throw new Error(`${name}: ${JSON.stringify(parameters)}`);
  const folder = await mkdtemp(join(tmpdir(), 'countersign-example-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const model = readFileSync(join(FOLDER, version, 'model.onnx'));
  return check.run({
    modelId: 'fraud-detection',
    modelVersion: version,
    artifact: await fileOf(folder, 'artifact', change.artifact?.(model) ?? model),
    evidence: await evidenceOf(folder, version, change, check),
    parameters: parameters.value.get(name),
    passedChecks: checkOrder().slice(0, checkOrder().indexOf(name)),
    now: change.now ?? NOW,
  });
}

async function fileOf(folder: string, name: string, content: string | Uint8Array): Promise<CheckFile> {
  const path = join(folder, name);
  await writeFile(path, content);
  return { path, digest: digestOf(content) };
}

const bytesOf = (version: string, file: string) => readFileSync(join(FOLDER, version, file));

/** The names under which a version submits its evidence, and the files. */
function evidenceList(version: string): Readonly<Record<string, string>> {
  return parse(bytesOf(version, 'evidence.yaml').toString());
}

async function evidenceOf(
  folder: string,
  version: string,
  { evidence = {}, fromVersion }: Change,
  check: Check,
) {
  const [other = version, ...swapped] = fromVersion ?? [];
  const files = new Map<string, CheckFile>();
  for (const [name, file] of Object.entries(evidenceList(version))) {
    const bytes = bytesOf(swapped.includes(name) ? other : version, file);
    const changed = evidence[name];
    if (changed === null || !readsEvidence(check, name)) continue;
    const content = changed === undefined ? bytes : changed(bytes.toString());
    if (changed !== undefined && bytes.equals(Buffer.from(content))) throw new Error(`${name} is unchanged`);
    files.set(name, await fileOf(folder, name, content));
  }
  return files;
}
