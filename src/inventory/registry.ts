import type { z } from 'zod';
import { invalidInput } from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';
import type { InventorySource } from './contract.ts';
import { createFileSource, FileSettings } from './file.ts';

/** A type of source: what its settings must be, and how to make one of them. */
interface SourceType<Settings = never> {
  readonly settings: z.ZodType<Settings>;
  readonly create: (settings: Settings) => InventorySource;
}

/** Every type of source, by the name that `monitor.sources[].type` gives. Adding one is a file and a line here. */
export const SOURCE_TYPES = {
  file: { settings: FileSettings, create: createFileSource } satisfies SourceType<FileSettings>,
} as const;

/** One entry of `monitor.sources` in the config. */
export interface SourceEntry {
  readonly type: string;
  readonly name: string;
  readonly [setting: string]: unknown;
}

/**
 * Makes the sources that the config names.
 *
 * @throws CountersignError `invalid_input` with every problem: unknown types, wrong settings, names used twice
 */
export function createSources(entries: readonly SourceEntry[]): InventorySource[] {
  const problems: Problem[] = repeatedNames(entries);
  const sources = entries.flatMap((entry, index) => {
    const made = createSource(entry, `monitor.sources[${index}]`);
    if ('observe' in made) return [made];
    problems.push(...made);
    return [];
  });
  if (problems.length > 0) throw invalidInput('the list of inventory sources', problems);
  return sources;
}

function createSource({ type, ...settings }: SourceEntry, where: string): InventorySource | Problem[] {
  const known = Object.keys(SOURCE_TYPES);
  if (!Object.hasOwn(SOURCE_TYPES, type)) {
    const message = `there is no source of type "${type}"`;
    return [{ where: `${where}.type`, message, fix: `use one of: ${known.join(', ')}` }];
  }
  const { settings: schema, create } = SOURCE_TYPES[type as keyof typeof SOURCE_TYPES];
  const result = schema.safeParse(settings);
  if (result.success) return create(result.data);
  return result.error.issues.map(({ path, message }) => ({
    where: [where, ...path.map(String)].join('.'),
    message,
  }));
}

function repeatedNames(entries: readonly SourceEntry[]): Problem[] {
  return entries.flatMap(({ name }, index) =>
    entries.findIndex((other) => other.name === name) < index
      ? [
          {
            where: `monitor.sources[${index}].name`,
            message: `"${name}" is the name of another source`,
            fix: 'names are part of every deployment’s key: give each source its own',
          },
        ]
      : [],
  );
}
