import { z } from 'zod';
import type { CheckFile } from '../contract.ts';
import { type Finding, fails, unknown } from '../deployment/finding.ts';
import { at, entriesAt, listAt, textAt } from '../deployment/values.ts';
import { readDocument } from '../evidence/document.ts';
import { toCheckProblems } from '../report.ts';
import { resolve, type SchemaNode } from './schema-node.ts';

/** Evidence name of the OpenAPI document of the endpoint. */
export const OPENAPI = 'openapi';

/** The predict operation of an OpenAPI document. */
export interface Operation {
  readonly document: unknown;
  /** The path as the document writes it. */
  readonly path: string;
  readonly method: string;
  /** Where it stands, as a JSON pointer. */
  readonly pointer: string;
  readonly body: unknown;
}

/** The operation, or why it cannot be told. */
export type OperationReading =
  | { readonly ok: true; readonly operation: Operation }
  | { readonly ok: false; readonly findings: readonly Finding[] };

const VERSION = /^3\.[0-2]\.\d+$/;

/** Reads the OpenAPI document and finds the operation that takes requests at a path; below it, where that is only a prefix. */
export async function readOperation(
  file: CheckFile,
  path: string,
  exact: boolean,
): Promise<OperationReading> {
  const read = await readDocument(
    OPENAPI,
    file,
    z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }),
  );
  if (!read.ok)
    return {
      ok: false,
      findings: toCheckProblems(read.problems).map(({ where, message, remedy = '' }) =>
        unknown(where, message, remedy),
      ),
    };
  const document: unknown = read.value;
  if (!VERSION.test(read.value.openapi))
    return refused(
      `is OpenAPI ${read.value.openapi.slice(0, 20)}; 3.0 to 3.2 are read`,
      'write it as OpenAPI 3.1',
    );
  const all = operations(document);
  const same = all.filter((operation) =>
    bases(document).some((base) => matches(`${base}${operation.path}`, path)),
  );
  const below = exact
    ? []
    : all.filter((operation) => bases(document).some((base) => `${base}${operation.path}`.startsWith(path)));
  const found = same.length > 0 ? same : below;
  const [operation] = found;
  if (operation !== undefined && found.length === 1) return { ok: true, operation };
  const there =
    all
      .map(({ method, path: other }) => `${method.toUpperCase()} ${other}`)
      .slice(0, 8)
      .join(', ') || 'none that takes a body';
  if (found.length > 1)
    return refused(
      `has several operations for ${path}: ${there}`,
      'set the parameter endpoint to the predict path',
    );
  return refused(
    `has no operation for ${path}; there is ${there}`,
    'describe the predict path, its servers included',
  );
}

function refused(message: string, remedy: string): OperationReading {
  return { ok: false, findings: [unknown(OPENAPI, message, remedy)] };
}

/** The operations that may take a body. */
function operations(document: unknown): Operation[] {
  return entriesAt(document, 'paths').flatMap(([path, item]) =>
    ['post', 'put', 'patch'].flatMap((method) => {
      const operation = at(item, method);
      const pointer = `#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`;
      return operation === undefined ? [] : [{ document, path, method, pointer, body: operation }];
    }),
  );
}

/** The paths of the servers, before which an operation's path stands. */
function bases(document: unknown): readonly string[] {
  const urls = listAt(document, 'servers').flatMap((server) => textAt(server, 'url') ?? []);
  const paths = urls.map((url) => url.replace(/^[a-z]+:\/\/[^/]*/, '').replace(/\/+$/, ''));
  return paths.length === 0 ? [''] : [...new Set(paths)];
}

/** Whether a path template means a path: `{name}` stands for one segment or a part of it. */
function matches(template: string, path: string): boolean {
  if (template === path) return true;
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => {
      const [before, after] = segment.split(/\{[^{}]*\}/);
      const actual = given[index] ?? '';
      return after === undefined
        ? segment === actual
        : actual.length > segment.indexOf('{') && actual.startsWith(before ?? '') && actual.endsWith(after);
    })
  );
}

/** Findings about a body as a whole. */
function bodyFindings(where: string, body: unknown): Finding[] {
  const findings: Finding[] = [];
  if (at(body, 'required') !== true)
    findings.push(fails(where, 'is not required, so an empty request is valid', 'set required: true'));
  const others = entriesAt(body, 'content')
    .map(([type]) => type)
    .filter((type) => type !== 'application/json');
  if (others.length > 0)
    findings.push(
      fails(
        where,
        `takes ${others.join(', ')} beside application/json, which no schema here checks`,
        'take application/json only',
      ),
    );
  return findings;
}

/** The schema of the body, with findings about the body as a whole. */
export function requestBody({ document, pointer, body }: Operation): {
  readonly schema: SchemaNode | undefined;
  readonly findings: readonly Finding[];
} {
  const given: SchemaNode = { value: at(body, 'requestBody'), pointer: `${pointer}/requestBody`, trail: [] };
  const where = `${OPENAPI}: ${given.pointer}`;
  if (given.value === undefined)
    return {
      schema: undefined,
      findings: [
        fails(
          where,
          'is missing: the operation describes no body',
          'describe the body with a schema for application/json',
        ),
      ],
    };
  const resolved = resolve(document, given);
  if (!resolved.ok)
    return {
      schema: undefined,
      findings: [unknown(where, resolved.reason, 'let $ref lead to a schema in this document')],
    };
  const { node } = resolved;
  const findings = bodyFindings(where, node.value);
  const schema = at(node.value, 'content', 'application/json', 'schema');
  if (schema === undefined)
    return {
      schema: undefined,
      findings: [
        ...findings,
        fails(
          where,
          'has no schema for application/json',
          'describe the body under content.application/json.schema',
        ),
      ],
    };
  return {
    schema: { value: schema, pointer: `${node.pointer}/content/application~1json/schema`, trail: [] },
    findings,
  };
}
