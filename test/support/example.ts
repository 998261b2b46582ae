import { createReadStream, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hashFile } from '../../src/artifact/index.ts';
import type { Digest } from '../../src/domain/index.ts';
import type { BlobStore } from '../../src/evidence/index.ts';

/** The example that the demo tells its story with. */
export const EXAMPLE = join(import.meta.dirname, '../../examples/fraud-detection');

/** Stores a version of the example and its evidence; returns what a submission of it names. */
export async function storeExample(blobs: BlobStore, modelVersion: string) {
  const at = (name: string) => join(EXAMPLE, modelVersion, name);
  const files: [string, string][] = [
    ['model_card', at('model-card.cdx.json')],
    ['predictions', at('eval-predictions.parquet')],
    ['risk_questionnaire', at('risk-questionnaire.yaml')],
    ['controls', at('controls.yaml')],
    ...readdirSync(at('controls')).map((file): [string, string] => [
      `control.${basename(file, '.md').replaceAll('-', '_')}`,
      at(`controls/${file}`),
    ]),
  ];
  const evidence = await Promise.all(
    files.map(async ([name, path]) => ({ name, digest: await store(blobs, path) })),
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
