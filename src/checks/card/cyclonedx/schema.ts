import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CheckProblem } from '../../../domain/index.ts';
import { remember } from '../../../lib/index.ts';
import type { CycloneDxVersion } from '../format.ts';
import { schemaErrors } from '../json-schema.ts';

/** Against this the references of a BOM schema are resolved. */
const BASE = 'http://cyclonedx.org/schema/';

/** The schemas that a BOM schema refers to, under the names by which it does. */
const REFERRED: Readonly<Record<CycloneDxVersion, readonly string[]>> = {
  '1.6': ['spdx', 'jsf-0.82'],
  '1.7': ['spdx', 'jsf-0.82', 'cryptography-defs'],
};

/**
 * Validates a BOM against the JSON schema of its version, as CycloneDX publishes it (shipped with
 * @cyclonedx/cyclonedx-library). Nothing is fetched.
 */
export async function schemaProblems(
  name: string,
  version: CycloneDxVersion,
  value: unknown,
): Promise<CheckProblem[]> {
  const validate = await VALIDATORS[version]();
  return validate(value) ? [] : schemaErrors(name, validate.errors);
}

/** To compile one takes longer than to validate hundreds of BOMs with it. */
const VALIDATORS = { '1.6': remember(() => compile('1.6')), '1.7': remember(() => compile('1.7')) };

async function compile(version: CycloneDxVersion) {
  const [{ Ajv }, { default: formats }] = await Promise.all([import('ajv'), import('ajv-formats')]);
  // The schemas use keywords of their own (meta:enum) and formats that ajv does not know: hence not strict.
  const ajv = new Ajv({ strict: false, allErrors: true, addUsedSchema: false });
  formats.default(ajv);
  ajv.addFormat('idn-email', /^[^\s@]+@[^\s@]+$/u);
  ajv.addFormat('iri-reference', true);
  for (const referred of REFERRED[version])
    ajv.addSchema(await schema(referred), `${BASE}${fileName(referred)}`);
  return ajv.compile(await schema(`bom-${version}`));
}

async function schema(name: string): Promise<object> {
  const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
  return JSON.parse(await readFile(join(dirname(library), 'res', 'schema', fileName(name)), 'utf8'));
}

function fileName(schemaName: string): string {
  return `${schemaName}.SNAPSHOT.schema.json`;
}
