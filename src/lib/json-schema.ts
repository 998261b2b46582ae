import { z } from 'zod';

/** As much of JSON Schema as the schemas of this project come to. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly $ref?: string;
  /** The word for a type that has one. */
  readonly named?: string;
}

/** The word for a type that has one; null for any other. */
export type NameOfType = (schema: z.core.$ZodType) => string | null;

/** What a schema takes, as JSON Schema; types that have a word carry it, and every default is there. */
export function jsonSchemaOf(schema: z.ZodType, nameOf: NameOfType = () => null): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const name = nameOf(zodSchema);
      if (name !== null) jsonSchema['named'] = name;
      const { def } = zodSchema._zod;
      // Left out by the library where what is behind it is transformed.
      if (def.type === 'default') jsonSchema.default = def.defaultValue as typeof jsonSchema.default;
    },
  }) as JsonSchema;
}
