import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { hashArtifact } from '../artifact/index.ts';
import { CountersignError, type Digest, invalidInput, type Observation } from '../domain/index.ts';
import { parseYaml } from '../lib/index.ts';
import { complete, type InventorySource } from './contract.ts';
import { type DeploymentEntry, DeploymentList } from './deployment-list.ts';
import { CommonSettings, paceOf } from './settings.ts';

/** Settings of a source of type `file`. */
export const FileSettings = z.strictObject({
  ...CommonSettings,
  path: z
    .string()
    .min(1)
    .describe(
      'Path of the list of deployments, a YAML file. Replace it by renaming, so that nobody reads half a list.',
    ),
  timeout_seconds: z
    .number()
    .min(0.1)
    .max(3600)
    .optional()
    .describe(
      'Seconds that one look may take; for as long as hashing takes by default, but after five minutes the source counts as unreadable until it is done.',
    ),
});
export type FileSettings = z.infer<typeof FileSettings>;

/**
 * Deployments from a YAML list. Where an entry has a path, the bytes are hashed anew at each look: a file's size and
 * times can be kept while its bytes are swapped, so they prove nothing. Where it has a digest, that is believed.
 */
export function createFileSource(settings: FileSettings): InventorySource {
  const { path } = settings;
  return {
    ...paceOf(settings),
    observe: async (signal) => complete(await observeList(await readList(path), dirname(path), signal)),
  };
}

async function readList(path: string): Promise<readonly DeploymentEntry[]> {
  // A pipe would keep us waiting for a writer.
  if (!(await stat(path)).isFile())
    throw new CountersignError('invalid_input', `${path} is not a regular file`);
  const result = parseYaml({ file: path, text: await readFile(path, 'utf8') }, DeploymentList);
  if (!result.ok) throw invalidInput('the list of deployments', result.problems);
  return result.value.deployments;
}

/** One file after the other: hashing is bound by the disk, and each holds a buffer. A file in several entries is read once. */
async function observeList(
  entries: readonly DeploymentEntry[],
  folder: string,
  signal: AbortSignal,
): Promise<Observation[]> {
  const hashed = new Map<string, Seen>();
  const observations: Observation[] = [];
  for (const entry of entries) {
    signal.throwIfAborted();
    const { name, environment, model_id, model_version, replicas, inputs } = entry;
    const names = { deployment: name, environment, modelId: model_id, modelVersion: model_version, replicas };
    const made = inputs === undefined ? {} : { inputs };
    observations.push({ ...names, ...made, ...(await see(entry, folder, hashed)) });
  }
  return observations;
}

type Seen = Pick<Observation, 'digest' | 'confidence' | 'how'>;

async function see(
  { path, digest }: DeploymentEntry,
  folder: string,
  hashed: Map<string, Seen>,
): Promise<Seen> {
  if (path === undefined) return declared(digest ?? null);
  const seen = hashed.get(path) ?? (await hashServed(path, resolve(folder, path)));
  hashed.set(path, seen);
  return seen;
}

function declared(digest: Digest | null): Seen {
  return { digest, confidence: 'declared', how: 'declared in the list of deployments' };
}

/** What is served is what a link leads to, so links are followed. */
async function hashServed(path: string, file: string): Promise<Seen> {
  try {
    const { digest } = (await hashSteady(await realpath(file))).artifact;
    return { digest, confidence: 'verified', how: `hashed ${path}` };
  } catch (error) {
    return { digest: null, confidence: 'unknown', how: `${path} cannot be hashed: ${reasonOf(error)}` };
  }
}

/** A file that was just being written is given a second chance, so that a deployment in progress raises no alarm. */
async function hashSteady(file: string) {
  try {
    return await hashArtifact(file);
  } catch (error) {
    if (error instanceof CountersignError && error.code === 'conflict') return hashArtifact(file);
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof CountersignError) return error.problems[0]?.message ?? error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be opened (${code ?? 'unknown error'})`;
}
