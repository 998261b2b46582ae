import type { z } from 'zod';
import { type JsonSchema, jsonSchemaOf, type NameOfType } from './json-schema.ts';
import { typeText } from './type-text.ts';

/** One key of a document. */
export interface Field {
  /** Its place: `people[].slack[].team`. */
  readonly path: string;
  /** What it may be, in words; literal values in backticks. */
  readonly type: string;
  /** As JSON, `required`, or nothing. */
  readonly fallback: string;
  readonly meaning: string;
}

/** Every key that a schema takes, parents before their children. */
export function fieldsOf(schema: z.ZodType, nameOf?: NameOfType): readonly Field[] {
  return childrenOf(jsonSchemaOf(schema, nameOf), '');
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
  return schema.properties === undefined ? JSON.stringify(schema.default) : '';
}
