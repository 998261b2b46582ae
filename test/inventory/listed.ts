import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFileSource, type InventorySource } from '../../src/inventory/index.ts';

/** A folder with a list of deployments and what it names. */
export interface Listed extends AsyncDisposable {
  readonly source: InventorySource;
  readonly path: string;
  /** Writes the list anew. */
  list(text: string): Promise<void>;
  /** Writes a file beside the list; returns its path. */
  serve(name: string, bytes: string | Uint8Array): Promise<string>;
}

export async function openList(text?: string): Promise<Listed> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-list-'));
  const path = join(folder, 'deployments.yaml');
  const list = (content: string) => writeFile(path, content);
  if (text !== undefined) await list(text);
  const serve = async (name: string, bytes: string | Uint8Array) => {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    return file;
  };
  return {
    source: createFileSource({ name: 'list', path }),
    path,
    list,
    serve,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The list's text for one deployment of `fraud-detection` 4.1.2, with what serves it. */
export function entry(served: string, more = ''): string {
  return `deployments:
  - name: fraud-detection-eu
    environment: production
    model_id: fraud-detection
    model_version: "4.1.2"
    ${served}
${more}`;
}
