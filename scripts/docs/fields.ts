import type { z } from 'zod';
import * as lib from '../../src/lib/index.ts';
import { code, table } from './markdown.ts';
import { nameOfType } from './named-types.ts';

export type Field = lib.Field;

/** Every key that a schema takes, parents before their children; types of the domain by their words. */
export function fieldsOf(schema: z.ZodType): readonly Field[] {
  return lib.fieldsOf(schema, nameOfType);
}

/** Fields as a table; null where there is none. `heading` names what a path is: a key, a parameter. */
export function fieldTable(heading: string, fields: readonly Field[]): string | null {
  return table(
    [heading, 'type', 'default', 'meaning'],
    fields.map(({ path, type, fallback, meaning }) => [code(path), type, defaultText(fallback), meaning]),
  );
}

function defaultText(fallback: string): string {
  return fallback === '' || fallback === 'required' ? fallback : code(fallback);
}

/** The words for types of the domain that a schema uses. */
export function namedTypesOf(schema: z.ZodType): ReadonlySet<string> {
  const found = new Set<string>();
  JSON.stringify(lib.jsonSchemaOf(schema, nameOfType), (key, value) => {
    if (key === 'named') found.add(String(value));
    return value;
  });
  return found;
}
