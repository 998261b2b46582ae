import { join } from 'node:path';
import { type CatalogueEntry, type KnownCases, mappingOf } from '../checks/index.ts';
import type { CheckDescription, CheckSummary } from '../cli/index.ts';
import { fieldsOf } from '../lib/index.ts';

/** A check in short. */
export function summaryOf({ name, stage, version, proves, builtIn }: CatalogueEntry): CheckSummary {
  return { name, stage, version, proves, builtIn: builtIn !== null };
}

/** Everything about a check that is worth telling. */
export function describeCheck(check: CatalogueEntry, { cases }: KnownCases): CheckDescription {
  const own = cases.filter((known) => known.check === check.name);
  return {
    ...summaryOf(check),
    doesNotProve: check.doesNotProve,
    // A script is handed the artifact always.
    readsArtifact: check.builtIn === null || check.builtIn.readsArtifact === true,
    evidence: check.evidence,
    parameters: fieldsOf(check.parameters),
    scripts: check.scripts.map(({ script: { directory, file, digest }, formats }) => ({
      file: join(directory, file),
      digest,
      formats: formats ?? [],
    })),
    frameworks: mappingOf(check.name).map(({ framework, references }) => ({
      title: framework.title,
      references,
    })),
    cases: own.map(({ name, expect, shows }) => ({ name, expect, shows })),
  };
}
