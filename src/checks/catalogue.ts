import { digestOfJson, hexOf } from '../domain/index.ts';
import type { Check, CheckDescription } from './contract.ts';
import type { ScriptCheck } from './external/script-check.ts';
import { checkByName, checkNames } from './registry.ts';

/**
 * A check as pipelines know it: a built-in one, an operator's script, or a built-in one whose place scripts take for
 * artifacts of the formats that they name. Its version covers all that could run under its name.
 */
export interface CatalogueEntry extends CheckDescription {
  readonly builtIn: Check | null;
  readonly scripts: readonly ScriptCheck[];
}

/** The checks that a service has: the built-in ones and those that its operator installed. */
export interface CheckCatalogue {
  /** In the order of the reference pipeline; scripts of their own follow in the order of the configuration. */
  readonly entries: readonly CatalogueEntry[];
  find(name: string): CatalogueEntry | undefined;
}

/** The checks of a release together with an operator's scripts, which `scriptProblems` has nothing against. */
export function createCatalogue(
  scripts: readonly ScriptCheck[],
  builtIn: readonly Check[] = BUILT_IN,
): CheckCatalogue {
  const own = scripts.filter(({ name }) => !builtIn.some((check) => check.name === name));
  const entries = [
    ...builtIn.map((check) => builtInEntry(check, scripts)),
    ...own.map((script) => ({ ...script, builtIn: null, scripts: [script] })),
  ];
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return { entries, find: (name) => byName.get(name) };
}

/** Versions by name, as they go into a run's key. */
export function checkVersions({ entries }: CheckCatalogue): ReadonlyMap<string, string> {
  return new Map(entries.map(({ name, version }) => [name, version]));
}

function builtInEntry(check: Check, all: readonly ScriptCheck[]): CatalogueEntry {
  const scripts = all.filter(({ name }) => name === check.name);
  const suffix = hexOf(digestOfJson(scripts.map(({ version, formats }) => [version, formats]))).slice(0, 16);
  const version = scripts.length === 0 ? check.version : `${check.version}+${suffix}`;
  return { ...check, version, builtIn: check, scripts };
}

const BUILT_IN: readonly Check[] = checkNames().flatMap((name) => checkByName(name) ?? []);

/** The catalogue of a service without scripts. */
export const BUILT_IN_CHECKS: CheckCatalogue = createCatalogue([]);
