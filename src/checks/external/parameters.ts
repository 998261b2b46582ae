import { z } from 'zod';

const TYPES = {
  string: z.string(),
  integer: z.int(),
  number: z.number(),
  boolean: z.boolean(),
  strings: z.array(z.string()),
  any: z.json(),
} as const;

/** The types that a script's parameter may have; `strings` is a list, `any` whatever YAML can say. */
export type ParameterType = keyof typeof TYPES;

/** A parameter as the operator declares it. Without a default it may be left out, and is then not handed over. */
export interface ParameterDeclaration {
  readonly type: ParameterType;
  readonly default?: unknown;
  readonly description: string;
}

/** Parameters by name. */
export type ParameterDeclarations = Readonly<Record<string, ParameterDeclaration>>;

/** The schema of declared parameters, which refuses all others; defaults are taken to be of their types. */
export function parameterSchema(declarations: ParameterDeclarations): z.ZodObject {
  const entries = Object.entries(declarations).map(([name, declared]) => [name, schemaOf(declared)] as const);
  return z.strictObject(Object.fromEntries(entries));
}

/** Whether a parameter's default is of its type. */
export function hasFittingDefault(declared: ParameterDeclaration): boolean {
  return declared.default === undefined || TYPES[declared.type].safeParse(declared.default).success;
}

function schemaOf({ type, default: byDefault, description }: ParameterDeclaration): z.ZodType {
  const schema: z.ZodType = TYPES[type];
  return (byDefault === undefined ? schema.optional() : schema.default(byDefault)).describe(description);
}
