import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { sha256Of } from './digest.ts';
import type { Facts } from './facts.ts';
import { openApi } from './openapi.ts';
import { MODEL_ID } from './versions.ts';

/** Where the model is asked. */
const HOST = 'scoring.kestrel-pay.example';
const PATH = `/v1/models/${MODEL_ID}:predict`;

const TEMPLATE = join(import.meta.dirname, '../documents/deployment.yaml');

/** What the server answered to requests that it must refuse. */
const REFUSALS: readonly (readonly [name: string, request: string, status: number])[] = [
  ['malformed_json', 'a body that ends in the middle of a list', 400],
  ['missing_field', 'a purchase without amount_vs_usual', 422],
  ['unknown_field', 'a purchase with the field discount', 422],
  ['wrong_type', 'a purchase whose amount_log10 is the text "1.6"', 422],
  ['wrong_width', 'a purchase as a list of nine numbers', 422],
  ['not_finite', 'a purchase whose amount_log10 is NaN, and one where it is 1e999', 400],
  ['out_of_range', 'a purchase whose app_share is 1.5', 422],
  ['oversized_body', 'a body of 65 KiB', 413],
];

/** Writes how the version is deployed, how requests to it look, and which requests were refused when that was tested. */
export function writeEndpoint(folder: string, { version, digest }: Facts): void {
  const values: Readonly<Record<string, string>> = {
    MODEL: MODEL_ID,
    VERSION: version.version,
    DIGEST: digest,
    HOST,
    PATH,
  };
  const manifests = readFileSync(TEMPLATE, 'utf8').replace(
    /%([A-Z]+)%/g,
    (mark, name: string) => values[name] ?? mark,
  );
  const api = stringify(openApi(version.version, HOST, PATH), {
    lineWidth: 110,
    aliasDuplicateObjects: false,
  });
  writeFileSync(join(folder, 'deployment.yaml'), manifests);
  writeFileSync(join(folder, 'openapi.yaml'), api);
  const tests = {
    format: 'countersign-negative-tests/v1',
    model: { id: MODEL_ID, version: version.version },
    endpoint: { host: HOST, path: PATH },
    openapi: `sha256:${sha256Of(api)}`,
    validator: `Deployment risk/${MODEL_ID}`,
    tested: `${version.date}T09:30:00Z`,
    cases: REFUSALS.map(([name, request, status]) => ({ case: name, request, status })),
  };
  writeFileSync(join(folder, 'input-validation-tests.yaml'), stringify(tests, { lineWidth: 110 }));
}
