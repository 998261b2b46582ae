import { type Check, checkByName, checkNames } from '../../src/checks/index.ts';
import { type Field, fieldsOf, fieldTable } from './fields.ts';
import { code, page, table } from './markdown.ts';

/** The page about the built-in checks, from the registry. */
export function checksPage(): string {
  const checks = checkNames().flatMap((name) => checkByName(name) ?? []);
  const stages = [...Map.groupBy(checks, ({ stage }) => stage)];
  return page(
    '# Checks',
    'Every built-in check, by the stage that it belongs to in the reference pipeline; a pipeline may put it into any stage. A check reads evidence by name and has parameters, which a stage gives to all of its checks or to one ([pipeline.md](pipeline.md)). Its version is part of what is signed, and is raised whenever the same input could give another result.',
    table(
      ['check', 'stage', 'version'],
      checks.map(({ name, stage, version }) => [`[${code(name)}](#${name})`, code(stage), version]),
    ),
    ...stages.flatMap(([stage, members]) => stageBlocks(stage, members)),
  );
}

function stageBlocks(stage: string, checks: readonly Check[]): (string | null)[] {
  const shared = sharedFields(checks);
  const own = ({ parameters }: Check) =>
    fieldsOf(parameters).filter((field) => !shared.some((other) => isSame(other, field)));
  return [
    `## Stage ${code(stage)}`,
    ...(shared.length === 0
      ? []
      : ['Parameters that all checks of this stage know:', fieldTable('parameter', shared)]),
    ...checks.flatMap((check) => checkBlocks(check, own(check), shared.length > 0)),
  ];
}

/** Fields that every check of a stage has, alike. */
function sharedFields([first, ...others]: readonly Check[]): readonly Field[] {
  if (first === undefined || others.length === 0) return [];
  const lists = others.map(({ parameters }) => fieldsOf(parameters));
  return fieldsOf(first.parameters).filter((field) =>
    lists.every((list) => list.some((other) => isSame(other, field))),
  );
}

function isSame(one: Field, other: Field): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function checkBlocks(check: Check, own: readonly Field[], hasShared: boolean): (string | null)[] {
  const { name, version, proves, doesNotProve, evidence } = check;
  const besides = hasShared ? 'Parameters besides those of the stage' : 'Parameters';
  return [
    `### ${name}`,
    `Version ${version}.`,
    `A pass proves: ${proves}`,
    `It does not prove: ${doesNotProve}`,
    table(
      ['evidence', 'required', 'what it is'],
      evidence.map((use) => [code(use.name), use.required ? 'yes' : '', use.description]),
    ),
    own.length === 0 ? `${besides}: none.` : `${besides}:`,
    fieldTable('parameter', own),
  ];
}
