import { parseStrictJson } from '../../lib/index.ts';
import type { Door } from '../deployment/door.ts';
import { type Finding, fails, holds, unknown } from '../deployment/finding.ts';
import { kongPlugins } from '../deployment/kong-plugins.ts';
import type { Resource } from '../deployment/resource.ts';
import { at, textAt } from '../deployment/values.ts';
import { agreement } from './agreement.ts';
import type { SchemaNode } from './schema-node.ts';
import { judgeSchema } from './schema-rules.ts';
import type { Signature } from './signature.ts';

/** Kong's request-validator at a door: the schema that it enforces is held to the rules and against the model too. */
export function kongValidator(
  door: Door,
  resources: readonly Resource[],
  signature: Signature | undefined,
): Finding[] {
  const { plugins, findings } = kongPlugins(door, ['request-validator'], resources);
  return [
    ...findings,
    ...plugins.flatMap(({ where, config }) => {
      if (textAt(config, 'enforcement_mode') === 'log_only')
        return [
          fails(
            where,
            'only logs what does not fit (enforcement_mode: log_only)',
            'set enforcement_mode: enforce',
          ),
        ];
      const text = textAt(config, 'body_schema');
      if (text === undefined)
        return [fails(where, 'has no body_schema, so bodies are not checked', 'set config.body_schema')];
      if ((textAt(config, 'version') ?? 'kong') === 'kong')
        return [
          unknown(
            where,
            "writes body_schema in Kong's own language, which is not judged",
            'set version: draft202012 and write JSON Schema',
          ),
        ];
      const schema = parseStrictJson(`${where} body_schema`, text);
      if (!schema.ok)
        return [
          fails(
            where,
            `body_schema ${schema.problems[0]?.message ?? 'is not JSON'}`,
            'write body_schema as JSON Schema in one JSON text',
          ),
        ];
      return enforced(where, schema.value, signature);
    }),
  ];
}

function enforced(where: string, schema: unknown, signature: Signature | undefined): Finding[] {
  const root: SchemaNode = { value: schema, pointer: '#', trail: [] };
  const name = `${where} body_schema`;
  const { findings } = judgeSchema(schema, root, name);
  const agrees = signature === undefined ? [] : agreement(schema, root, signature, name);
  const bad = [...findings, ...agrees].filter(({ level }) => level !== 'holds');
  return bad.length > 0 || at(schema, 'type') === undefined
    ? bad
    : [holds(where, 'refuses bodies that do not fit its schema')];
}
