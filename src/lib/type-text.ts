import type { JsonSchema } from './json-schema.ts';

/** What a value may be, in words; literal values in backticks. */
export function typeText(schema: JsonSchema): string {
  const texts = [...new Set(alternatives(schema))];
  const last = texts.at(-1) ?? '';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} or ${last}`;
}

function alternatives(schema: JsonSchema): readonly string[] {
  if (schema.named !== undefined) return [schema.named];
  if (schema.$ref !== undefined) return ['JSON'];
  if (schema.const !== undefined) return [code(String(schema.const))];
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value)));
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(alternatives);
  // One of several forms: told one by one elsewhere.
  if (schema.oneOf !== undefined) return schema.oneOf.flatMap(alternatives);
  if (Array.isArray(schema.type)) return schema.type.flatMap((type) => alternatives({ ...schema, type }));
  return schema.type === 'boolean' ? [code('true'), code('false')] : [plain(schema)];
}

function plain(schema: JsonSchema): string {
  switch (schema.type) {
    case 'array':
      return `list${amount(schema)} of ${plural(typeText(schema.items ?? {}))}`;
    case 'object':
      return objectText(schema);
    case 'integer':
      return `whole number${range(schema)}`;
    case 'number':
      return `number${range(schema)}`;
    case 'string':
      return stringText(schema);
    case 'null':
      return 'null';
    default:
      return 'JSON';
  }
}

function objectText({ properties, additionalProperties }: JsonSchema): string {
  if (properties !== undefined) return 'object';
  return typeof additionalProperties === 'object'
    ? `map of text to ${typeText(additionalProperties)}`
    : 'object';
}

function stringText({ format, minLength = 0 }: JsonSchema): string {
  if (format === 'uri') return 'URL';
  return minLength > 1 ? `text of ${minLength} characters or more` : 'text';
}

function range({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const low = known(minimum);
  const high = known(maximum);
  const from =
    low === null ? (exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`) : ` from ${low}`;
  if (high === null) return low === null ? from : `${from} up`;
  return from === '' ? ` up to ${high}` : `${from}${low === null ? ', up' : ''} to ${high}`;
}

/** A bound, unless it is that of the safe integers. */
function known(bound: number | undefined): number | null {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound;
}

function amount({ minItems: least = 0, maxItems: most }: JsonSchema): string {
  if (most !== undefined) return least > 0 ? ` (${least} to ${most})` : ` (at most ${most})`;
  return least > 0 ? ` (at least ${least})` : '';
}

/** A word for a thing, for several of it; text is text. */
function plural(text: string): string {
  if (text.startsWith('list')) return text.replace('list', 'lists');
  return /^[a-z ]+$/.test(text) && text !== 'text' && !text.includes(' or ') ? `${text}s` : text;
}

/** In code type. A value that holds a backtick gets more of them around it. */
function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
