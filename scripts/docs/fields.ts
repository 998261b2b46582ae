import type { z } from 'zod';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { code, table } from './markdown.ts';
import { typeText } from './type-text.ts';

/** One key of a document. */
export interface Field {
  /** Its place: `people[].slack[].team`. */
  readonly path: string;
  readonly type: string;
  /** As it would be written, `required`, or nothing. */
  readonly fallback: string;
  readonly meaning: string;
}

/** Every key that a schema takes, parents before their children. */
export function fieldsOf(schema: z.ZodType): readonly Field[] {
  return childrenOf(jsonSchemaOf(schema), '');
}

/** Fields as a table; null where there is none. `heading` names what a path is: a key, a parameter. */
export function fieldTable(heading: string, fields: readonly Field[]): string | null {
  return table(
    [heading, 'type', 'default', 'meaning'],
    fields.map(({ path, type, fallback, meaning }) => [code(path), type, fallback, meaning]),
  );
}

/** The words for types of the domain that a schema uses. */
export function namedTypesOf(schema: z.ZodType): ReadonlySet<string> {
  const found = new Set<string>();
  JSON.stringify(jsonSchemaOf(schema), (key, value) => {
    if (key === 'named') found.add(String(value));
    return value;
  });
  return found;
}

function childrenOf(schema: JsonSchema, prefix: string): Field[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => childrenOf(one, prefix));
  if (schema.items !== undefined) return childrenOf(schema.items, `${prefix}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [fieldOf(path, child, schema.required?.includes(key) === true), ...childrenOf(child, path)];
  });
}

function fieldOf(path: string, schema: JsonSchema, required: boolean): Field {
  const meaning = schema.description ?? '';
  return { path, type: typeText(schema), fallback: required ? 'required' : fallbackOf(schema), meaning };
}

/** A section that is there by default shows the defaults of its keys instead. */
function fallbackOf(schema: JsonSchema): string {
  if (schema.default === undefined) return '';
  return schema.properties === undefined ? code(JSON.stringify(schema.default)) : '';
}
