import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { hashFile } from '../../src/artifact/index.ts';
import type { Digest } from '../../src/domain/index.ts';
import type { BlobStore } from '../../src/evidence/index.ts';

/** The example that the demo tells its story with. */
export const EXAMPLE = join(import.meta.dirname, '../../examples/fraud-detection');

/** The pipeline of the specification, word for word. */
export const REFERENCE_PIPELINE = join(EXAMPLE, '../governance-pipeline.yaml');

/** Stores a version of the example and its evidence; returns what a submission of it names. */
export async function storeExample(blobs: BlobStore, modelVersion: string) {
  const at = (name: string) => join(EXAMPLE, modelVersion, name);
  const files = Object.entries(parse(readFileSync(at('evidence.yaml'), 'utf8')) as Record<string, string>);
  const evidence = await Promise.all(
    files.map(async ([name, file]) => ({ name, digest: await store(blobs, at(file)) })),
  );
  return {
    modelId: 'fraud-detection',
    modelVersion,
    artifact: await store(blobs, at('model.onnx')),
    evidence,
  };
}

async function store(blobs: BlobStore, path: string): Promise<Digest> {
  const { digest } = await hashFile(path);
  await blobs.put(digest, createReadStream(path), 1_000_000);
  return digest;
}
