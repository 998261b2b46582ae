import { firstArgument, isNode, type SyntaxNode, textOf } from './source.ts';

/** A rule about how code is written: where it holds, and what breaks it. */
export interface Convention {
  readonly name: string;
  /** What to do instead. */
  readonly remedy: string;
  /** True for the files (by path from the root) that must keep it. */
  readonly holdsIn: (file: string) => boolean;
  /** True for a syntax node that breaks it. */
  readonly breaks: (node: SyntaxNode) => boolean;
}

const everywhere = (): boolean => true;
const within =
  (...folders: readonly string[]) =>
  (file: string): boolean =>
    folders.some((folder) => file.startsWith(`src/${folder}/`));
const outside =
  (folder: string) =>
  (file: string): boolean =>
    !file.startsWith(`src/${folder}/`);

const CHILD_STARTERS = ['spawn', 'spawnSync', 'fork', 'exec', 'execSync', 'execFile', 'execFileSync'];

/** Every convention that a syntax tree can show. Imports have their own rules, in `.dependency-cruiser.mjs`. */
export const CONVENTIONS: readonly Convention[] = [
  {
    name: 'only src/config reads the environment',
    remedy: 'add the setting to src/config and take its value as a parameter',
    holdsIn: outside('config'),
    breaks: (node) =>
      isMember(node, 'process', 'env') ||
      importsName(node, 'process', 'env') ||
      destructures(node, 'process'),
  },
  {
    name: 'domain and services read no clock',
    remedy: 'take the time as a parameter, or a clock among the dependencies',
    holdsIn: within('domain', 'services'),
    breaks: (node) =>
      isMember(node, 'Date', 'now') ||
      isMember(node, 'performance', 'now') ||
      (isCallOf(node, 'Date') && !hasArguments(node)),
  },
  {
    name: 'domain and services draw no random values',
    remedy: 'take the id or the salt as a parameter, or a source of ids among the dependencies',
    holdsIn: within('domain', 'services'),
    breaks: (node) =>
      isMember(node, 'Math', 'random') ||
      isIdentifier(node, 'randomUUID') ||
      isIdentifier(node, 'randomBytes'),
  },
  {
    name: 'exports have names',
    remedy: 'export it by name: `export function`, `export const`, `export interface`',
    holdsIn: everywhere,
    breaks: (node) =>
      ['ExportDefaultDeclaration', 'ExportDefaultExpression'].includes(node.type) ||
      (node.type === 'ExportSpecifier' && isIdentifier(node['exported'], 'default')),
  },
  {
    name: "a folder's index names what it exports",
    remedy: 'list the names instead of `export *`',
    holdsIn: everywhere,
    breaks: (node) => node.type === 'ExportAllDeclaration',
  },
  {
    name: 'types are imported at the top',
    remedy: "write `import type { … } from`: the rules of import do not see `import('…').Type`",
    holdsIn: everywhere,
    breaks: (node) => node.type === 'TsImportType',
  },
  {
    name: 'no path of a source file stands in the code',
    remedy: 'the build has .js files: give `child` the ending of import.meta.filename',
    holdsIn: outside('demo'), // which is not built
    breaks: (node) =>
      ['CallExpression', 'NewExpression'].includes(node.type) &&
      !isNode(node['callee'], 'Import') &&
      textOf(firstArgument(node))
        .concat(textOf(lastArgument(node)))
        .some((text) => /[\w)]\.ts$/.test(text)),
  },
  {
    name: 'a child process gets an environment of its own',
    remedy: 'pass `env` with exactly the variables it needs: by default it inherits every secret of ours',
    holdsIn: everywhere,
    breaks: (node) =>
      CHILD_STARTERS.some((name) => isCallOf(node, name)) && !givesKey(lastArgument(node), 'env'),
  },
];

function isMember(node: SyntaxNode, object: string, property: string): boolean {
  if (node.type !== 'MemberExpression' || !isIdentifier(node['object'], object)) return false;
  const name = node['property'];
  return (
    isIdentifier(name, property) || (isNode(name, 'Computed') && textOf(name['expression'])[0] === property)
  );
}

function importsName(node: SyntaxNode, module: string, name: string): boolean {
  if (node.type !== 'ImportDeclaration' || textOf(node['source'])[0]?.replace(/^node:/, '') !== module)
    return false;
  return (node['specifiers'] as SyntaxNode[]).some((specifier) =>
    isIdentifier(specifier['imported'] ?? specifier['local'], name),
  );
}

function destructures(node: SyntaxNode, name: string): boolean {
  return (
    node.type === 'VariableDeclarator' &&
    isNode(node['id'], 'ObjectPattern') &&
    isIdentifier(node['init'], name)
  );
}

function isCallOf(node: SyntaxNode, name: string): boolean {
  return ['CallExpression', 'NewExpression'].includes(node.type) && isIdentifier(node['callee'], name);
}

function hasArguments(call: SyntaxNode): boolean {
  return firstArgument(call) !== undefined;
}

function lastArgument(call: SyntaxNode): unknown {
  const given = (call['arguments'] ?? []) as { expression: unknown }[];
  return given.at(-1)?.expression;
}

/** True if the value is an object with that key, or something whose keys cannot be seen here. */
function givesKey(value: unknown, key: string): boolean {
  if (!isNode(value) || value.type === 'ArrayExpression' || textOf(value).length > 0) return false;
  if (value.type !== 'ObjectExpression') return true;
  return (value['properties'] as SyntaxNode[]).some(
    (property) =>
      property.type === 'SpreadElement' || isIdentifier(property, key) || isIdentifier(property['key'], key),
  );
}

function isIdentifier(value: unknown, name: string): boolean {
  return isNode(value, 'Identifier') && value['value'] === name;
}
