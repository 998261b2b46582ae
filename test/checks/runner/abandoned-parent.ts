import { createCatalogue, createCheckRunner, type IsolationKind } from '../../../src/checks/index.ts';
import { digestOf } from '../../../src/domain/index.ts';
import { MISBEHAVING } from './misbehaving-checks.ts';

/** A parent that runs one check of a module for ever, to be killed from outside. */
const [kind = 'none', check = 'waits', module = '', bundle = ''] = process.argv.slice(2);
await createCheckRunner({
  strongest: kind as IsolationKind,
  module: new URL(module),
  bundle,
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
