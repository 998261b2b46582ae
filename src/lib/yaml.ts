import { type Document, isNode, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Parsed, type Problem, parsed, unparsed } from './problem.ts';

/** A YAML text and the name by which its problems are reported. */
export interface YamlSource {
  readonly file: string;
  readonly text: string;
}

const MAX_BYTES = 1024 * 1024;

/**
 * Parses YAML 1.2 and checks it against a schema. Every problem is reported, each with line and column.
 * Anchors and aliases are refused (alias bombs), as are duplicate keys, custom tags and files over 1 MiB.
 */
export function parseYaml<T>(source: YamlSource, schema: z.ZodType<T>): Parsed<T> {
  if (Buffer.byteLength(source.text) > MAX_BYTES) {
    return unparsed([{ where: source.file, message: 'larger than 1 MiB' }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(source.text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    prettyErrors: false,
  });
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    where: at(source.file, lines, error.pos[0]),
    message: error.message,
  }));
  if (syntax.length > 0) return unparsed(syntax);
  return checkAgainst(schema, document, source, lines);
}

function checkAgainst<T>(
  schema: z.ZodType<T>,
  document: Document,
  source: YamlSource,
  lines: LineCounter,
): Parsed<T> {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return unparsed([{ where: source.file, message: 'aliases are not allowed', fix: 'write the value out' }]);
  }
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return parsed(result.data);
  return unparsed(result.error.issues.flatMap((issue) => toProblems(issue, document, source, lines)));
}

function toProblems(
  issue: z.core.$ZodIssue,
  document: Document,
  source: YamlSource,
  lines: LineCounter,
): Problem[] {
  const field = issue.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  const paths =
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return paths.map((path) => ({
    where: at(source.file, lines, offsetOf(document, path)),
    message: `${field === '' ? '' : `${field}: `}${messageOf(issue, path)}`,
    ...fixFor(issue),
  }));
}

function messageOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string {
  if (issue.code === 'unrecognized_keys') return `unknown key "${String(path.at(-1))}"`;
  return issue.message;
}

function fixFor(issue: z.core.$ZodIssue): { fix?: string } {
  if (issue.code !== 'invalid_type' || issue.expected !== 'string') return {};
  return typeof issue.input === 'number' ? { fix: 'quote it, so that YAML does not read a number' } : {};
}

/** Where in the text the value at a path stands; the nearest enclosing value when it is absent. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = keyOrValue(document, path.slice(0, length));
    if (node?.range) return node.range[0];
  }
  return 0;
}

function keyOrValue(document: Document, path: readonly PropertyKey[]): Node | undefined {
  const node: unknown =
    path.length === 0 ? document.contents : document.getIn(path as readonly (string | number)[], true);
  return isNode(node) ? node : undefined;
}

function at(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}
