import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CheckParameters, NO_CHECK_PARAMETERS, type Pipeline, parsePipeline } from '../domain/index.ts';
import { type Parsed, type Problem, parsed, parseYaml, unparsed, type YamlSource } from '../lib/index.ts';
import type { PlaceOf } from './people.ts';
import type { ConfigFile } from './schema.ts';

/** A pipeline that counts, where, and what its checks are told there. */
export interface RegisteredPipeline {
  readonly pipeline: Pipeline;
  readonly file: string;
  readonly models: readonly string[];
  readonly environments: readonly string[];
  readonly parameters: CheckParameters;
  /** The file that the parameters come from; null without one. */
  readonly parametersSource: YamlSource | null;
}

type Entry = ConfigFile['pipelines'][number];

/** Reads the pipeline files and the files of parameters; what is wrong with them joins the problems. */
export async function loadPipelines(
  base: string,
  entries: readonly Entry[],
  placeOf: PlaceOf,
  problems: Problem[],
): Promise<RegisteredPipeline[]> {
  const loaded: RegisteredPipeline[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = (key: 'file' | 'parameters', name: string) =>
      readNamed(base, name, placeOf(['pipelines', index, key]), `pipelines[${index}].${key}`);
    const { file, models, environments } = entry;
    const pipeline = andThen(await read('file', file), ({ text }) => parsePipeline(text, file));
    const source = entry.parameters === undefined ? null : await read('parameters', entry.parameters);
    const parameters = readParameters(source);
    if (pipeline.ok && parameters.ok) {
      const parametersSource = source?.ok ? source.value : null;
      const given = { parameters: parameters.value, parametersSource };
      loaded.push({ pipeline: pipeline.value, file, models, environments, ...given });
    } else problems.push(...[pipeline, parameters].flatMap((result) => (result.ok ? [] : result.problems)));
  }
  return loaded;
}

function readParameters(source: Parsed<YamlSource> | null): Parsed<CheckParameters> {
  if (source === null) return parsed(NO_CHECK_PARAMETERS);
  return andThen(source, (text) => parseYaml(text, CheckParameters));
}

function andThen<A, B>(result: Parsed<A>, next: (value: A) => Parsed<B>): Parsed<B> {
  return result.ok ? next(result.value) : result;
}

async function readNamed(
  base: string,
  file: string,
  where: string,
  field: string,
): Promise<Parsed<YamlSource>> {
  try {
    return parsed({ file, text: await readFile(resolve(base, file), 'utf8') });
  } catch (error) {
    const message = `${field}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`;
    const fix = `name a file that is there; paths are relative to ${base}`;
    return unparsed([{ where, message, fix }]);
  }
}
