import type { z } from 'zod';
import { invalidInput } from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';
import type { InventorySource } from './contract.ts';
import { createFileSource, FileSettings } from './file.ts';
import { createHttpSource, HttpSettings } from './http.ts';
import { KubernetesSettings } from './kubernetes/settings.ts';
import { createKubernetesSource } from './kubernetes/source.ts';
import { createMlflowSource, MlflowSettings } from './mlflow.ts';
import { createOciSource, OciSettings } from './oci.ts';
import { PrometheusSettings } from './prometheus/settings.ts';
import { createPrometheusSource } from './prometheus/source.ts';
import { createS3Source, S3Settings } from './s3.ts';
import type { SourceTools } from './secret.ts';

/** A type of source: what its settings must be, and how to make one of them. */
interface SourceType<Settings = never> {
  readonly settings: z.ZodType<Settings>;
  readonly create: (settings: Settings, tools: SourceTools) => InventorySource;
}

/** Every type of source, by the name that `monitor.sources[].type` gives. Adding one is a file and a line here. */
export const SOURCE_TYPES = {
  file: { settings: FileSettings, create: createFileSource } satisfies SourceType<FileSettings>,
  kubernetes: {
    settings: KubernetesSettings,
    create: createKubernetesSource,
  } satisfies SourceType<KubernetesSettings>,
  mlflow: { settings: MlflowSettings, create: createMlflowSource } satisfies SourceType<MlflowSettings>,
  prometheus: {
    settings: PrometheusSettings,
    create: createPrometheusSource,
  } satisfies SourceType<PrometheusSettings>,
  oci: { settings: OciSettings, create: createOciSource } satisfies SourceType<OciSettings>,
  s3: { settings: S3Settings, create: createS3Source } satisfies SourceType<S3Settings>,
  http: { settings: HttpSettings, create: createHttpSource } satisfies SourceType<HttpSettings>,
} as const;

/** The name under which serving processes report themselves; no other source may have it. */
export const REPORTS = 'reports';

/** One entry of `monitor.sources` in the config. */
export interface SourceEntry {
  readonly type: string;
  readonly name: string;
  readonly [setting: string]: unknown;
}

/** Something wrong with the list of sources; the path leads from the list to it. */
export interface SourceProblem extends Problem {
  readonly path: readonly PropertyKey[];
}

/**
 * Makes the sources that the config names.
 *
 * @throws CountersignError `invalid_input` with every problem that `sourceProblems` finds
 */
export function createSources(entries: readonly SourceEntry[], tools: SourceTools): InventorySource[] {
  const problems = sourceProblems(entries);
  if (problems.length > 0) throw invalidInput('the list of inventory sources', problems);
  return entries.flatMap((entry) => readEntry(entry).create?.(tools) ?? []);
}

/** Everything wrong with the sources that the config names: unknown types, wrong settings, names used twice. */
export function sourceProblems(entries: readonly SourceEntry[]): SourceProblem[] {
  const faults = entries.flatMap((entry, index) =>
    readEntry(entry).faults.map(({ path, ...fault }) => ({ ...fault, path: [index, ...path] })),
  );
  return [...repeatedNames(entries), ...faults].map((fault) => ({
    ...fault,
    where: placeInWords(fault.path),
  }));
}

type Fault = Omit<SourceProblem, 'where'>;

interface ReadEntry {
  readonly create?: (tools: SourceTools) => InventorySource;
  readonly faults: readonly Fault[];
}

function readEntry({ type, ...settings }: SourceEntry): ReadEntry {
  if (!Object.hasOwn(SOURCE_TYPES, type)) {
    const known = Object.keys(SOURCE_TYPES).join(', ');
    const message = `there is no source of type "${type}"`;
    return { faults: [{ path: ['type'], message, fix: `use one of: ${known}` }] };
  }
  const { settings: schema, create } = SOURCE_TYPES[type as keyof typeof SOURCE_TYPES] as SourceType<unknown>;
  const result = schema.safeParse(settings, { reportInput: true });
  if (result.success) return { create: (tools) => create(result.data, tools), faults: [] };
  return { faults: result.error.issues.flatMap(faultsOf) };
}

/** An issue that names several unknown keys is a fault of each. */
function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const { path } = issue;
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return [{ path, message: `missing, expected ${issue.expected}` }];
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], message: 'unknown key' }));
}

function repeatedNames(entries: readonly SourceEntry[]): Fault[] {
  const names = [REPORTS, ...entries.map(({ name }) => name)];
  return entries.flatMap(({ name }, index) =>
    names.indexOf(name) <= index
      ? [
          {
            path: [index, 'name'],
            message: `"${name}" is the name of another source`,
            fix: 'names are part of every deployment’s key: give each source its own',
          },
        ]
      : [],
  );
}

function placeInWords(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return `monitor.sources${steps.join('')}`;
}
