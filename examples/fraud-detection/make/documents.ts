import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Of } from './digest.ts';

const TEMPLATES = join(import.meta.dirname, '../documents');

/** Values for the `%NAME%` marks of the templates. */
export type Values = Readonly<Record<string, string>>;

/** Writes the control documents, the questionnaire and the controls file that names the documents by hash. */
export function writeDocuments(folder: string, values: Values): void {
  const hashes: Record<string, string> = {};
  mkdirSync(join(folder, 'controls'), { recursive: true });
  for (const name of readdirSync(join(TEMPLATES, 'controls')).sort()) {
    const text = filled(join('controls', name), values);
    writeFileSync(join(folder, 'controls', name), text);
    hashes[`SHA256_${name.replace('.md', '').replaceAll('-', '_').toUpperCase()}`] = sha256Of(text);
  }
  for (const name of ['risk-questionnaire.yaml', 'controls.yaml']) {
    writeFileSync(join(folder, name), filled(name, { ...values, ...hashes }));
  }
}

/** A template with its marks replaced; a mark without a value is an error. */
function filled(template: string, values: Values): string {
  return readFileSync(join(TEMPLATES, template), 'utf8').replace(/%([A-Z0-9_]+)%/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`documents/${template}: no value for %${name}%`);
    return value;
  });
}
