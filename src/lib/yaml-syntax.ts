import {
  type Document,
  isNode,
  isScalar,
  type LineCounter,
  type Node,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Problem } from './problem.ts';

/** A parsed YAML text, with what is needed to say where something stands in it. */
export interface YamlDocument {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

const MAX_DEPTH = 64;

/** `file:line:column` of an offset in the text. */
export function placeOf({ file, lines }: YamlDocument, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

/** What no file of ours may hold, whatever its schema: broken YAML, and YAML that readers read differently. */
export function syntaxProblems(source: YamlDocument): readonly Problem[] {
  const { document } = source;
  const broken = [...document.errors, ...document.warnings].map((error) => ({
    where: placeOf(source, error.pos[0]),
    message: error.message.startsWith('Maximum call stack') ? tooDeep : error.message,
  }));
  if (broken.length > 0) return broken;
  const version = document.directives?.yaml.version;
  if (version !== undefined && version !== '1.2') {
    return [
      {
        where: placeOf(source, 0),
        message: `YAML ${version} is not read`,
        fix: 'remove the %YAML directive',
      },
    ];
  }
  return forbiddenNodes(source);
}

const tooDeep = `nested deeper than ${MAX_DEPTH} levels`;

type Report = (node: Node, message: string, fix?: string) => void;

function forbiddenNodes(source: YamlDocument): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (node, message, fix) => {
    const where = placeOf(source, node.range?.[0] ?? 0);
    problems.push({ where, message, ...(fix ? { fix } : {}) });
  };
  visit(source.document, {
    Alias: (_key, alias) => report(alias, 'aliases are not allowed', 'write the value out'),
    Map: (_key, map, path) => {
      checkKeys(map, report);
      return checkNode(map, path.length, report);
    },
    Value: (_key, node, path) => checkNode(node, path.length, report),
  });
  return problems;
}

function checkNode(node: Scalar | YAMLMap | YAMLSeq, depth: number, report: Report): symbol | undefined {
  if (node.anchor !== undefined)
    report(node, 'anchors are not allowed', 'write the value out where it is used');
  if (depth <= 2 * MAX_DEPTH) return undefined;
  report(node, tooDeep);
  return visit.BREAK;
}

function checkKeys({ items }: YAMLMap, report: Report): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) {
      if (isNode(key)) report(key, 'a key must be a plain text');
      continue;
    }
    const name = String(key.value);
    if (name === '__proto__') report(key, 'the key "__proto__" is not allowed');
    if (seen.has(name)) report(key, `the key "${name}" is there twice`);
    seen.add(name);
  }
}
