import type { Problem } from '../../lib/index.ts';
import type { Check } from '../contract.ts';
import { checkByName } from '../registry.ts';
import { FORMAT_TITLES } from '../scan/formats.ts';
import { hasFittingDefault } from './parameters.ts';
import type { ScriptDefinition } from './script-check.ts';

/** A problem with an operator's scripts and its path below their list, for callers who know line and column. */
export interface ScriptProblem extends Omit<Problem, 'where'> {
  readonly path: readonly (string | number)[];
}

type Complain = (path: readonly (string | number)[], message: string, fix?: string) => void;

/** Everything wrong with what an operator says about scripts, before any file is looked at. */
export function scriptProblems(
  definitions: readonly ScriptDefinition[],
  builtIn: (name: string) => Check | undefined = checkByName,
): readonly ScriptProblem[] {
  const problems: ScriptProblem[] = [];
  for (const [index, definition] of definitions.entries()) {
    const complain: Complain = (path, message, fix) =>
      problems.push({ path: [index, ...path], message, ...(fix === undefined ? {} : { fix }) });
    const taken = builtIn(definition.name);
    if (taken === undefined) complainAboutOwn(definition, complain);
    else complainAboutStandIn(definition, taken, complain);
    complainAboutFormats(definition, complain);
    complainAboutTwins(definitions.slice(0, index), definition, complain);
    complainAboutDefaults(definition, complain);
  }
  return problems;
}

function complainAboutOwn({ name, formats }: ScriptDefinition, complain: Complain): void {
  if (formats !== null)
    complain(
      ['formats'],
      `there is no built-in check "${name}" whose place it could take`,
      'leave formats out',
    );
}

/** A script never takes a built-in check's place but for formats that it names, and only where the format matters. */
function complainAboutStandIn(
  { name, formats, parameters }: ScriptDefinition,
  taken: Check,
  complain: Complain,
): void {
  if (formats === null) {
    const fix = 'name it otherwise, or list under formats the formats of artifacts that it is for';
    complain(['name'], `there is a built-in check "${name}"`, fix);
    return;
  }
  if (taken.readsArtifact !== true)
    complain(
      ['formats'],
      `the built-in check "${name}" is the same for artifacts of every format`,
      'name the script otherwise',
    );
  if (Object.keys(parameters).length > 0)
    complain(
      ['parameters'],
      `it gets the parameters of the built-in check "${name}"`,
      'leave parameters out',
    );
}

function complainAboutFormats({ formats }: ScriptDefinition, complain: Complain): void {
  for (const [index, format] of (formats ?? []).entries()) {
    const known = Object.keys(FORMAT_TITLES);
    if (!known.includes(format))
      complain(['formats', index], `there is no format "${format}"`, `known formats: ${known.join(', ')}`);
  }
}

function complainAboutTwins(
  earlier: readonly ScriptDefinition[],
  one: ScriptDefinition,
  complain: Complain,
): void {
  const shared = earlier
    .filter(({ name }) => name === one.name)
    .flatMap(({ formats }) =>
      formats === null || one.formats === null
        ? ['all']
        : formats.filter((format) => one.formats?.includes(format)),
    );
  if (shared.length > 0)
    complain(
      ['name'],
      `another script "${one.name}" is for the same formats: ${[...new Set(shared)].join(', ')}`,
    );
}

function complainAboutDefaults({ parameters }: ScriptDefinition, complain: Complain): void {
  for (const [name, declared] of Object.entries(parameters)) {
    if (!hasFittingDefault(declared))
      complain(['parameters', name, 'default'], `is not of the type ${declared.type}`);
  }
}
