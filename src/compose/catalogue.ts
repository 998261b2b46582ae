import {
  type CheckCatalogue,
  createCatalogue,
  defineScript,
  readPinned,
  type ScriptDefinition,
  scriptProblems,
} from '../checks/index.ts';
import type { Config } from '../config/index.ts';
import type { Digest } from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';

/** The checks that a service with this configuration has: the built-in ones and its operator's scripts. */
export function catalogueOf(config: Pick<Config, 'checks'>): CheckCatalogue {
  return createCatalogue(definitionsOf(config).map(defineScript));
}

/** What is wrong with the scripts in the configuration, each problem at its line and column. */
export function scriptDefinitionProblems(config: Pick<Config, 'checks' | 'placeOf'>): Problem[] {
  return scriptProblems(definitionsOf(config)).map(({ path, message, fix }) => ({
    where: config.placeOf(['checks', 'scripts', ...path]),
    message: `checks.scripts: ${message}`,
    ...(fix === undefined ? {} : { fix }),
  }));
}

/** What is wrong with the scripts' files, in the process that is to run them: they are looked at again at every run. */
export async function scriptFileProblems(config: Pick<Config, 'checks' | 'placeOf'>): Promise<Problem[]> {
  const found = definitionsOf(config).map(async ({ script }, index) => {
    const file = await readPinned(script);
    const where = config.placeOf(['checks', 'scripts', index, 'file']);
    return file.ok
      ? []
      : file.problems.map((problem) => ({
          ...problem,
          where,
          message: `${problem.where} ${problem.message}`,
        }));
  });
  return (await Promise.all(found)).flat();
}

function definitionsOf({ checks }: Pick<Config, 'checks'>): ScriptDefinition[] {
  return checks.scripts.map(
    ({ does_not_prove: doesNotProve, file, sha256, interpreter, formats, ...entry }) => ({
      ...entry,
      doesNotProve,
      formats: formats ?? null,
      script: {
        directory: checks.directory,
        file,
        digest: `sha256:${sha256}` as Digest,
        interpreter: interpreter ?? null,
        libraries: checks.libraries,
        needsBubblewrap: checks.require_bubblewrap,
      },
    }),
  );
}
