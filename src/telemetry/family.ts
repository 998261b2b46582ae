import type { MetricsSnapshot, ModelMetrics } from '../domain/index.ts';
import { MOST_MODEL_VERSIONS } from './most.ts';
import type { Shown } from './shown.ts';

/** One time series at one instant. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a family's values are, and so what is demanded of them. */
export type Unit = 'count' | 'boolean' | 'hash' | 'unix_seconds' | 'seconds';

/** A metric family. */
interface FamilyHead {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly unit: Unit;
  readonly labels: readonly string[];
  /** Series that there are at most, whatever sources show; null for as many as are configured. */
  readonly most: number | null;
}

/** A metric family and how what is shown fills it: as a whole, or part by part. */
export type Family = FamilyHead & (Whole | InParts);

/** Made of what is shown as a whole. */
interface Whole {
  readonly samples: (shown: Shown) => readonly Sample[];
}

/** Made of parts of what is shown, each by itself: what is made of the very same part need not be made again. */
interface InParts {
  /** There whatever is shown. */
  readonly always: readonly Sample[];
  readonly parts: (shown: Shown) => readonly Part[];
  /** Of one of the parts. */
  readonly samplesOf: (part: Part) => readonly Sample[];
}

type Part = ModelMetrics | MetricsSnapshot['deployments'][number];

/** A family of which the model versions are the parts. */
export function ofModels(samplesOf: (model: ModelMetrics) => readonly Sample[]): InParts {
  return inParts(({ models }) => models, samplesOf);
}

/** A family that is made of parts of one kind. */
export function inParts<One extends Part>(
  parts: (shown: Shown) => readonly One[],
  samplesOf: (part: One) => readonly Sample[],
  always: readonly Sample[] = [],
): InParts {
  return { parts, samplesOf: samplesOf as (part: Part) => readonly Sample[], always };
}

/** All samples of a family. */
export function samplesIn(family: Family, shown: Shown): readonly Sample[] {
  if ('samples' in family) return family.samples(shown);
  return [...family.always, ...family.parts(shown).flatMap(family.samplesOf)];
}

/** The labels by which the alert rules join. */
export const MODEL = ['model_id', 'model_version'] as const;

/** What a gauge says of itself. */
export function gauge(name: string, help: string, unit: Unit) {
  return { name, help, unit, type: 'gauge' as const };
}

/** What a counter says of itself. */
export function counter(name: string, help: string) {
  return { name, help, unit: 'count' as const, type: 'counter' as const };
}

/** A gauge with one series per model version, or none where there is no value. */
export function perModel(
  name: string,
  help: string,
  unit: Unit,
  read: (model: ModelMetrics) => number | null,
): Family {
  return {
    ...gauge(name, help, unit),
    labels: MODEL,
    most: MOST_MODEL_VERSIONS,
    ...ofModels((model) => given(nameOf(model), read(model))),
  };
}

/** A sample, or none where there is no value. */
export function given(labels: Sample['labels'], value: number | null): readonly Sample[] {
  return value === null ? [] : [{ labels, value }];
}

/** The labels of a model version. */
export function nameOf({ modelId, modelVersion }: { modelId: string; modelVersion: string }) {
  return { model_id: modelId, model_version: modelVersion };
}

/** One series of value 1 for each set of labels. */
export function distinct(all: readonly Sample['labels'][]): readonly Sample[] {
  const groups = new Map(all.map((labels) => [JSON.stringify(labels), labels]));
  return [...groups.values()].map((labels) => ({ labels, value: 1 }));
}
