import { createCatalogue, createCheckRunner, type IsolationKind } from '../../../src/checks/index.ts';
import { digestOf } from '../../../src/domain/index.ts';
import { MISBEHAVING } from './misbehaving-checks.ts';

/** A parent that runs one check for ever, to be killed from outside by the process that is named third. */
const [kind = 'none', check = 'waits', by = ''] = process.argv.slice(2);
const module = new URL(`./misbehaving-checks.ts?by=${by}`, import.meta.url);
await createCheckRunner({
  strongest: kind as IsolationKind,
  module,
  catalogue: createCatalogue([], MISBEHAVING),
}).run({
  check,
  modelId: 'm',
  modelVersion: '1',
  artifact: { path: '/nonexistent', digest: digestOf('') },
  evidence: new Map(),
  parameters: {},
  passedChecks: [],
  now: '2026-11-23T10:00:00.000Z',
});
