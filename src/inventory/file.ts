import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { hashFile } from '../artifact/index.ts';
import { Digest, invalidInput, ModelId, ModelVersion, type Observation } from '../domain/index.ts';
import { parseYaml } from '../lib/index.ts';
import type { InventorySource } from './contract.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const Name = z
  .string()
  .regex(NAME, 'expected 1 to 128 of A-Z a-z 0-9 . _ -, starting with a letter or digit');

/** One deployment in the list. */
const Entry = z
  .strictObject({
    /** The deployment's name, unique within its environment. */
    name: Name,
    environment: Name,
    model_id: ModelId,
    model_version: ModelVersion,
    /** File whose bytes are served, relative to the list; hashed at each tick. */
    path: z.string().min(1).optional(),
    /** Digest that is said to be served, where the bytes cannot be had. */
    digest: Digest.optional(),
    replicas: z.int().min(0).default(1),
  })
  .refine(({ path, digest }) => (path === undefined) !== (digest === undefined), {
    error: 'expected either path (bytes to hash) or digest (declared), not both',
  });
type Entry = z.infer<typeof Entry>;

const List = z.strictObject({ deployments: z.array(Entry) });

/** Settings of a source of type `file`. */
export const FileSettings = z.strictObject({
  /** The source's name, part of its deployments' keys. */
  name: Name,
  /** Path of the YAML file with the list `deployments`. */
  path: z.string().min(1),
});
export type FileSettings = z.infer<typeof FileSettings>;

/** Deployments from a YAML list: with a path the bytes are hashed anew at each look, with a digest it is believed. */
export function createFileSource({ name, path }: FileSettings): InventorySource {
  return {
    name,
    observe: async () => {
      const result = parseYaml({ file: path, text: await readFile(path, 'utf8') }, List);
      if (!result.ok) throw invalidInput('the list of deployments', result.problems);
      return Promise.all(result.value.deployments.map((entry) => observeEntry(entry, dirname(path))));
    },
  };
}

async function observeEntry(entry: Entry, folder: string): Promise<Observation> {
  const { name, environment, model_id, model_version, replicas } = entry;
  const names = { deployment: name, environment, modelId: model_id, modelVersion: model_version, replicas };
  if (entry.path === undefined)
    return {
      ...names,
      digest: entry.digest ?? null,
      confidence: 'declared',
      how: 'declared in the list of deployments',
    };
  try {
    const { digest } = await hashFile(resolve(folder, entry.path));
    return { ...names, digest, confidence: 'verified', how: `hashed ${entry.path}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...names, digest: null, confidence: 'unknown', how: why };
  }
}
