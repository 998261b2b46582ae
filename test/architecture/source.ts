import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

/** One node of a file's syntax tree; every other key is a child, a list of children or a plain value. */
export interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The paths of every TypeScript file under a folder, relative to the root, sorted. */
export function typescriptFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** Every syntax node of a piece of TypeScript, parents before their children. Comments and strings are no code. */
export function syntaxNodes(code: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  collect(parseSync(code, { syntax: 'typescript', target: 'es2024' }), found);
  return found;
}

/** Like {@link syntaxNodes}, of a file. */
export function syntaxNodesOf(path: string): SyntaxNode[] {
  return syntaxNodes(readFileSync(path, 'utf8'));
}

/** How many lines of its file a syntax node covers. Positions count bytes from 1. */
export function linesOf(node: SyntaxNode, code: Buffer): number {
  const { start, end } = node['span'] as { start: number; end: number };
  return code
    .subarray(start - 1, end - 1)
    .toString()
    .split('\n').length;
}

/** Every module that a piece of code names: static, type-only, re-exported or imported dynamically. */
export function importedModules(nodes: readonly SyntaxNode[]): string[] {
  return nodes.flatMap((node) => {
    if (['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration'].includes(node.type)) {
      return textOf(node['source']);
    }
    return node.type === 'CallExpression' && isNode(node['callee'], 'Import')
      ? textOf(firstArgument(node))
      : [];
  });
}

/** The value of a string literal, as a list of one; of anything else, the empty list. */
export function textOf(node: unknown): string[] {
  return isNode(node, 'StringLiteral') ? [node['value'] as string] : [];
}

/** The first argument of a call or of `new`. */
export function firstArgument(call: SyntaxNode): unknown {
  const [first] = Array.isArray(call['arguments']) ? call['arguments'] : [];
  return (first as { expression?: unknown } | undefined)?.expression;
}

/** True for a syntax node (of that type, if one is named), false for any other value of the tree. */
export function isNode(value: unknown, type?: string): value is SyntaxNode {
  if (typeof value !== 'object' || value === null) return false;
  const found = (value as SyntaxNode).type;
  return typeof found === 'string' && (type === undefined || found === type);
}

function collect(value: unknown, found: SyntaxNode[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) found.push(value);
  for (const child of Object.values(value)) collect(child, found);
}
