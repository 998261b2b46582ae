import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of the longest tests, longest first: many wait, while others compute; none may be what a run ends with. */
const LONG = [
  'compose/kill',
  'bot/storm',
  'bench/bench',
  'checks/runner/misbehaviour',
  'checks/predictions/hostile',
  'compose/audits',
  'checks/external/hostile',
  'monitor/day',
  'services/example',
  'compose/service',
  'cli/audit-checks',
  'compose/interruption',
  'queue/queue',
  'checks/runner/runner',
  'compose/doctor',
  'bot/override',
  'bot/tampered',
  'bot/killed',
  'cli/submit',
  'services/reconcile',
  'monitor/monitor',
].map((name) => join(import.meta.dirname, '..', `${name}.test.ts`));

/** Starts the long files of a project before its others. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONG.filter((path) => !existsSync(path));
    if (gone.length > 0) throw new Error(`no such test, though it is listed as long: ${gone.join(', ')}`);
    const sorted = await super.sort(files);
    const projects = Map.groupBy(sorted, ({ project }) => project);
    return [...projects.values()].flatMap((ofProject) => ofProject.sort((a, b) => place(a) - place(b)));
  }
}

function place({ moduleId }: TestSpecification): number {
  const index = LONG.indexOf(moduleId);
  return index === -1 ? LONG.length : index;
}
