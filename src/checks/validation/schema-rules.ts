import { type Finding, fails, unknown } from '../deployment/finding.ts';
import { at, entriesAt, listAt, numberAt, textsAt } from '../deployment/values.ts';
import { child, resolve, type SchemaNode } from './schema-node.ts';

/** Keywords that can undo or add to what stands beside them; schemas with them are not judged. */
const UNREAD = [
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'dependencies',
  'patternProperties',
  '$dynamicRef',
  '$recursiveRef',
  'unevaluatedItems',
  'contains',
];
const MAX_NODES = 2000;

/** What a walk through a schema found. */
export interface SchemaVerdict {
  readonly findings: readonly Finding[];
  /** How many numbers have both bounds, and how many do not. */
  readonly bounded: number;
  readonly unbounded: number;
}

interface Walk {
  readonly document: unknown;
  readonly name: string;
  readonly findings: Finding[];
  nodes: number;
  bounded: number;
  unbounded: number;
}

/**
 * Judges a request schema: objects closed and with required fields, arrays with maxItems, texts with a bound, numbers with
 * finite bounds. A value that the schema says nothing of is a hole.
 *
 * @param name the document's name for messages
 */
export function judgeSchema(document: unknown, root: SchemaNode, name: string): SchemaVerdict {
  const walk: Walk = { document, name, findings: [], nodes: 0, bounded: 0, unbounded: 0 };
  const resolved = resolve(document, root);
  if (resolved.ok && !typesOf(resolved.node.value).includes('object'))
    walk.findings.push(
      fails(
        `${name}: ${resolved.node.pointer}`,
        'is not an object (type: object)',
        'describe the body as an object',
      ),
    );
  visit(walk, root);
  const { findings, bounded, unbounded } = walk;
  return { findings, bounded, unbounded };
}

function visit(walk: Walk, given: SchemaNode): void {
  walk.nodes += 1;
  if (walk.nodes === MAX_NODES)
    walk.findings.push(
      unknown(
        walk.name,
        `the schema has more than ${MAX_NODES} parts`,
        'describe the request with a smaller schema',
      ),
    );
  if (walk.nodes >= MAX_NODES) return;
  const resolved = resolve(walk.document, given);
  if (!resolved.ok) {
    const make = resolved.endless ? fails : unknown;
    walk.findings.push(
      make(`${walk.name}: ${resolved.pointer}`, resolved.reason, 'write the schema out within the document'),
    );
    return;
  }
  const { node } = resolved;
  const where = `${walk.name}: ${node.pointer}`;
  const unread = UNREAD.filter((key) => at(node.value, key) !== undefined);
  if (unread.length > 0)
    walk.findings.push(
      unknown(
        where,
        `uses ${unread.join(', ')}, which is not judged`,
        'say it with properties, items and bounds',
      ),
    );
  else if (!alternatives(walk, node, where)) judgeNode(walk, node, where);
}

function visitAll(walk: Walk, node: SchemaNode, key: string): void {
  for (const index of listAt(node.value, key).keys()) visit(walk, child(node, key, index));
}

/** oneOf and anyOf: each alternative must hold by itself. allOf closes nothing, since additionalProperties does not see across it. */
function alternatives(walk: Walk, node: SchemaNode, where: string): boolean {
  const all = listAt(node.value, 'allOf');
  if (all.length > 1)
    walk.findings.push(
      unknown(where, 'uses allOf, across which additionalProperties does not see', 'write one object'),
    );
  if (all.length === 1) visit(walk, child(node, 'allOf', 0));
  const kinds = (['oneOf', 'anyOf'] as const).filter((kind) => listAt(node.value, kind).length > 0);
  for (const kind of kinds) visitAll(walk, node, kind);
  return all.length > 0 || kinds.length > 0;
}

function judgeNode(walk: Walk, node: SchemaNode, where: string): void {
  const { value } = node;
  if (at(value, 'const') !== undefined || listAt(value, 'enum').length > 0) return;
  const types = typesOf(value);
  if (types.length === 0)
    walk.findings.push(fails(where, 'has no type, so it takes anything', 'state type and bounds'));
  for (const type of types) judgeType(walk, node, where, type);
}

function judgeType(walk: Walk, node: SchemaNode, where: string, type: string): void {
  const { value } = node;
  const report = (message: string, remedy: string) => walk.findings.push(fails(where, message, remedy));
  switch (type) {
    case 'object':
      judgeObject(walk, node, report);
      return;
    case 'array':
      judgeArray(walk, node, report);
      return;
    case 'string':
      if (numberAt(value, 'maxLength') === undefined && !/^\^.*\$$/s.test(String(at(value, 'pattern') ?? '')))
        report('is a text without maxLength, enum or a pattern from ^ to $', 'add maxLength');
      return;
    case 'number':
    case 'integer':
      judgeNumber(walk, value, report);
      return;
    case 'boolean':
    case 'null':
      return;
    default:
      report(`has the type ${type}, which JSON Schema does not know`, 'correct it');
  }
}

type Report = (message: string, remedy: string) => void;

/** A value of the schema, in short. */
function shown(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value).slice(0, 60);
}

function judgeObject(walk: Walk, node: SchemaNode, report: Report): void {
  const { value } = node;
  const properties = entriesAt(value, 'properties');
  const closed = at(value, 'additionalProperties') === false || at(value, 'unevaluatedProperties') === false;
  if (!closed)
    report(
      `takes unknown fields: additionalProperties is ${shown(at(value, 'additionalProperties'))}, not false`,
      'set additionalProperties: false',
    );
  const required = textsAt(value, 'required');
  const missing = required.filter((name) => !properties.some(([key]) => key === name));
  if (required.length === 0) report('requires no field', 'list the fields in required');
  if (missing.length > 0)
    report(`requires ${missing.join(', ')}, which properties does not describe`, 'describe them');
  for (const [key] of properties) visit(walk, child(node, 'properties', key));
}

function judgeArray(walk: Walk, node: SchemaNode, report: Report): void {
  const { value } = node;
  if (numberAt(value, 'maxItems') === undefined) report('is a list without maxItems', 'set maxItems');
  const tuple = listAt(value, 'prefixItems');
  visitAll(walk, node, 'prefixItems');
  const rest = at(value, 'items');
  if (rest === undefined || rest === true)
    report(
      'is a list of anything: items is missing',
      tuple.length > 0 ? 'set items: false' : 'describe the items',
    );
  else if (rest !== false) visit(walk, child(node, 'items'));
}

function judgeNumber(walk: Walk, value: unknown, report: Report): void {
  const [low, high] = boundsOf(value);
  if (low !== undefined && high !== undefined && low <= high) walk.bounded += 1;
  else {
    walk.unbounded += 1;
    const lacks = low === undefined ? 'minimum' : 'maximum';
    const message =
      low !== undefined && high !== undefined
        ? `has the minimum ${low} above the maximum ${high}`
        : `is a number without ${lacks}`;
    report(message, 'set minimum and maximum: they also refuse what is not finite');
  }
}

/** The least and greatest value that a number may have. */
export function boundsOf(value: unknown): readonly [number | undefined, number | undefined] {
  const number = (key: string) => {
    const found = at(value, key);
    return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
  };
  return [number('minimum') ?? number('exclusiveMinimum'), number('maximum') ?? number('exclusiveMaximum')];
}

/** The types of a schema; an enumeration or constant needs none. */
export function typesOf(value: unknown): readonly string[] {
  const type = at(value, 'type');
  const types = typeof type === 'string' ? [type] : textsAt(value, 'type');
  return at(value, 'nullable') === true ? [...types, 'null'] : types;
}
