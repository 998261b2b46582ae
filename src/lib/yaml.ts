import { isMap, isNode, isScalar, LineCounter, type Node, parseAllDocuments, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Parsed, type Problem, parsed, unparsed } from './problem.ts';
import { parseStrictJson } from './strict-json.ts';
import { placeOf, syntaxProblems, type YamlDocument } from './yaml-syntax.ts';

/** A YAML text and the name by which its problems are reported. */
export interface YamlSource {
  readonly file: string;
  readonly text: string;
}

/** One document of a text that holds several. */
export interface YamlPart {
  /** The line of the text on which its content begins. */
  readonly line: number;
  readonly value: unknown;
}

const MAX_BYTES = 1024 * 1024;
const MAX_DOCUMENTS = 1000;
const MAX_OPEN_BRACKETS = 1000;
/** More than this nobody reads. */
const MAX_PROBLEMS = 100;

/**
 * Parses YAML 1.2 and checks it against a schema. Every problem is reported, each with line and column.
 * Anchors and aliases are refused (alias bombs), as are duplicate keys, custom tags, several documents, keys that are
 * no plain text, nesting deeper than 64 levels and files over 1 MiB.
 */
export function parseYaml<T>({ file, text }: YamlSource, schema: z.ZodType<T>): Parsed<T> {
  const beyond = beyondReason(text);
  if (beyond !== null) return unparsed([{ where: file, message: beyond }]);
  const asJson = parseAsJson(text, schema);
  if (asJson !== null) return asJson;
  const lines = new LineCounter();
  // Its own look for duplicate keys takes quadratic time.
  const options = { lineCounter: lines, uniqueKeys: false, strict: true, prettyErrors: false };
  const source: YamlDocument = { file, document: parseDocument(text, options), lines };
  const syntax = syntaxProblems(source);
  if (syntax.length > 0) return unparsed(atMost(syntax, (problem) => problem));
  const result = schema.safeParse(source.document.toJS({ maxAliasCount: 0 }), { reportInput: true });
  if (result.success) return parsed(result.data);
  return unparsed(atMost(result.error.issues.flatMap(oneEach), (issue) => toProblem(issue, source)));
}

/** JSON is YAML, and the engine reads it many times faster; null for all that is not to be found good this way. */
function parseAsJson<T>(text: string, schema: z.ZodType<T>): Parsed<T> | null {
  if (!text.startsWith('{')) return null;
  const json = parseStrictJson('', text);
  const result = json.ok ? schema.safeParse(json.value) : null;
  return result?.success === true ? parsed(result.data) : null;
}

/**
 * Parses a text of any number of YAML documents, as Kubernetes manifests are; JSON is YAML too. Empty documents are left
 * out. Refuses all that {@link parseYaml} refuses but several documents, of which there may be a thousand.
 */
export function parseYamlDocuments({ file, text }: YamlSource): Parsed<readonly YamlPart[]> {
  const beyond = beyondReason(text);
  if (beyond !== null) return unparsed([{ where: file, message: beyond }]);
  const lines = new LineCounter();
  const options = { lineCounter: lines, uniqueKeys: false, strict: true, prettyErrors: false };
  const documents = parseAllDocuments(text, options);
  if (documents.length > MAX_DOCUMENTS)
    return unparsed([{ where: file, message: `holds more than ${MAX_DOCUMENTS} documents` }]);
  const sources = [...documents].map((document): YamlDocument => ({ file, document, lines }));
  const syntax = sources.flatMap(syntaxProblems);
  if (syntax.length > 0) return unparsed(atMost(syntax, (problem) => problem));
  const parts = sources.map(({ document }) => ({
    line: Math.max(lines.linePos(document.contents?.range?.[0] ?? 0).line, 1),
    value: document.toJS({ maxAliasCount: 0 }) as unknown,
  }));
  return parsed(parts.filter(({ value }) => value !== null && value !== undefined));
}

/**
 * What nobody has to parse to refuse it; the parser takes quadratic time for brackets within brackets. Brackets in texts
 * count too, but no document has so many more that open than close.
 */
function beyondReason(text: string): string | null {
  if (Buffer.byteLength(text) > MAX_BYTES) return 'larger than 1 MiB';
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > MAX_OPEN_BRACKETS) return 'nested deeper than 64 levels';
  }
  return null;
}

/**
 * Tells where the value at a path stands in a text that has been parsed before, for problems that only a later look
 * finds; of an absent value, where the nearest enclosing one does.
 */
export function yamlPlaces({ file, text }: YamlSource): (path: readonly PropertyKey[]) => string {
  const lines = new LineCounter();
  const source: YamlDocument = { file, document: parseDocument(text, { lineCounter: lines }), lines };
  return (path) => placeOf(source, offsetOf(source, path));
}

/** Tells the first hundred; finding the place of each takes its time. */
function atMost<T>(found: readonly T[], tell: (item: T) => Problem): readonly Problem[] {
  const told = found.slice(0, MAX_PROBLEMS).map(tell);
  const first = told[0];
  if (first === undefined || found.length === told.length) return told;
  return [...told, { where: first.where, message: `and ${found.length - told.length} more problems` }];
}

/** An issue that names several unknown keys is a problem with each. */
function oneEach(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ ...issue, keys: [key] }));
}

function toProblem(issue: z.core.$ZodIssue, source: YamlDocument): Problem {
  const field = fieldOf(issue.path);
  const prefix = field === '' ? '' : `${field}: `;
  if (issue.code !== 'unrecognized_keys') {
    const where = placeOf(source, offsetOf(source, issue.path));
    return { where, message: `${prefix}${messageOf(issue)}`, ...fixFor(issue) };
  }
  const [key = ''] = issue.keys;
  const where = placeOf(source, keyOffset(source, issue.path, key));
  return { where, message: `${prefix}unknown key "${key}"` };
}

function fieldOf(path: readonly PropertyKey[]): string {
  const steps = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return steps.join('').replace(/^\./, '');
}

function messageOf(issue: z.core.$ZodIssue): string {
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return missing ? `missing, expected ${issue.expected}` : issue.message;
}

function fixFor(issue: z.core.$ZodIssue): { fix?: string } {
  if (issue.code !== 'invalid_type') return {};
  if (issue.expected === 'string' && typeof issue.input === 'number')
    return { fix: 'quote it, so that YAML does not read a number' };
  if (issue.expected === 'boolean') return { fix: 'write true or false' };
  return {};
}

/** Where in the text the value at a path stands; the nearest enclosing value when it is absent. */
function offsetOf(source: YamlDocument, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(source, path.slice(0, length));
    if (node?.range) return node.range[0];
  }
  return 0;
}

/** Where a key of the map at a path stands. */
function keyOffset(source: YamlDocument, path: readonly PropertyKey[], name: string): number {
  const map = nodeAt(source, path);
  const pair = isMap(map)
    ? map.items.find(({ key }) => isScalar(key) && String(key.value) === name)
    : undefined;
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : offsetOf(source, path);
}

function nodeAt({ document }: YamlDocument, path: readonly PropertyKey[]): Node | undefined {
  const node: unknown =
    path.length === 0 ? document.contents : document.getIn(path as readonly (string | number)[], true);
  return isNode(node) ? node : undefined;
}
