import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONVENTIONS } from './conventions.ts';
import { ROOT } from './planted-tree.ts';
import { linesOf, type SyntaxNode, syntaxNodes, typescriptFiles } from './source.ts';

const MOST_LINES_OF_A_FILE = 250;
const MOST_LINES_OF_A_FUNCTION = 50;
const FUNCTIONS = [
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'MethodProperty',
];
const DOCUMENTED = ['FunctionDeclaration', 'ClassDeclaration'];

const sources = typescriptFiles(ROOT, 'src').map((file) => {
  const code = readFileSync(join(ROOT, file));
  return { file, code, nodes: syntaxNodes(code.toString()) };
});

/** Code that breaks each convention, and code beside it that does not. */
const EXAMPLES: Readonly<Record<string, { breaks: readonly string[]; keeps: readonly string[] }>> = {
  'only src/config reads the environment': {
    breaks: [
      'const a = process.env.HOME;',
      "const a = process['env'];",
      "import { env } from 'node:process';",
      'const { env } = process;',
    ],
    keeps: ['const a = process.pid; // process.env', 'const env = { HOME: 1 };'],
  },
  'domain and services read no clock': {
    breaks: [
      'const a = Date.now();',
      'const a = new Date();',
      'const a = Date();',
      'const a = performance.now();',
    ],
    keeps: ['const a = new Date(instant);', 'const a = clock.now();', "const a = 'Date.now()';"],
  },
  'domain and services draw no random values': {
    breaks: [
      'const a = Math.random();',
      'const a = crypto.randomUUID();',
      "import { randomUUID } from 'node:crypto';",
      'const a = randomBytes(16);',
    ],
    keeps: ['const a = ids.next();', 'const a = Math.max(1, 2);'],
  },
  'exports have names': {
    breaks: ['export default 1;', 'export default function f() {}', 'const a = 1; export { a as default };'],
    keeps: ['export const a = 1;'],
  },
  "a folder's index names what it exports": {
    breaks: ["export * from './a.ts';", "export type * from './a.ts';"],
    keeps: ["export { a } from './a.ts';"],
  },
  'types are imported at the top': {
    breaks: ["type A = import('./a.ts').A;", "const f = (a: Array<import('./a.ts').A>) => a;"],
    keeps: ["import type { A } from './a.ts';", "const a = await import('./a.ts');"],
  },
  'no path of a source file stands in the code': {
    breaks: ["new URL('./child.ts', import.meta.url);", "join(here, 'child.ts');"],
    keeps: ["import './child.ts';", "const a = await import('./child.ts');", 'join(here, child + ending);'],
  },
  'a child process gets an environment of its own': {
    breaks: ["spawn('psql');", "spawn('psql', ['-l']);", "execFile('psql', [], { cwd: '/' });"],
    keeps: ["spawn('psql', [], { env: {} });", "spawn('psql', [], { env });", "spawn('psql', [], options);"],
  },
};

const offences = (code: string, breaks: (node: SyntaxNode) => boolean): number =>
  syntaxNodes(code).filter(breaks).length;

describe.each(CONVENTIONS)('$name', ({ name, remedy, holdsIn, breaks }) => {
  it('holds in every file of src', () => {
    const broken = sources
      .filter(({ file }) => holdsIn(file))
      .flatMap(({ file, nodes, code }) =>
        nodes.filter(breaks).map((node) => `${file}:${lineAt(node, code)}: ${remedy}`),
      );
    expect(broken).toEqual([]);
  });

  it('is told from what only looks alike', () => {
    const { breaks: broken, keeps } = EXAMPLES[name] ?? { breaks: [], keeps: [] };
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.filter((code) => offences(code, breaks) === 0)).toEqual([]);
    expect(keeps.filter((code) => offences(code, breaks) > 0)).toEqual([]);
  });
});

describe('size', () => {
  it(`no file of src has more than ${MOST_LINES_OF_A_FILE} lines`, () => {
    const long = sources.map(({ file, code }) => ({ file, lines: code.toString().split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > MOST_LINES_OF_A_FILE)).toEqual([]);
  });

  it(`no function of src has more than ${MOST_LINES_OF_A_FUNCTION} lines`, () => {
    const long = sources.flatMap(({ file, code, nodes }) =>
      nodes
        .filter((node) => FUNCTIONS.includes(node.type) && linesOf(node, code) > MOST_LINES_OF_A_FUNCTION)
        .map((node) => `${file}:${lineAt(node, code)}: ${linesOf(node, code)} lines`),
    );
    expect(long).toEqual([]);
  });
});

describe('documentation', () => {
  it('every exported function and class of src has a docstring', () => {
    const bare = sources.flatMap(({ file, code, nodes }) =>
      nodes
        .filter(
          (node) =>
            node.type === 'ExportDeclaration' &&
            DOCUMENTED.includes((node['declaration'] as SyntaxNode).type),
        )
        .filter((node) => !before(node, code).trimEnd().endsWith('*/'))
        .map((node) => `${file}:${lineAt(node, code)}`),
    );
    expect(bare).toEqual([]);
  });
});

/** The text of a file up to a node; positions count bytes from 1. */
function before(node: SyntaxNode, code: Buffer): string {
  return code.subarray(0, (node['span'] as { start: number }).start - 1).toString();
}

function lineAt(node: SyntaxNode, code: Buffer): number {
  return 'span' in node ? before(node, code).split('\n').length : 1;
}
