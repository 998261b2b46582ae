import type { MetricsSnapshot, ModelMetrics } from '../domain/index.ts';

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
}

/** A metric family and how a snapshot fills it: as a whole, or part by part. */
export type Family = FamilyHead & (Whole | InParts);

/** Made of a snapshot as a whole. */
interface Whole {
  readonly samples: (snapshot: MetricsSnapshot) => readonly Sample[];
}

/** Made of parts of a snapshot, each by itself: what is made of the very same part need not be made again. */
interface InParts {
  /** There whatever a snapshot holds. */
  readonly always: readonly Sample[];
  readonly parts: (snapshot: MetricsSnapshot) => readonly Part[];
  /** Of one of the parts. */
  readonly samplesOf: (part: Part) => readonly Sample[];
}

type Part = ModelMetrics | MetricsSnapshot['deployments'][number];

/** A family of which a snapshot's model versions are the parts. */
export function ofModels(samplesOf: (model: ModelMetrics) => readonly Sample[]): InParts {
  return inParts(({ models }) => models, samplesOf);
}

/** A family that is made of parts of one kind. */
export function inParts<One extends Part>(
  parts: (snapshot: MetricsSnapshot) => readonly One[],
  samplesOf: (part: One) => readonly Sample[],
  always: readonly Sample[] = [],
): InParts {
  return { parts, samplesOf: samplesOf as (part: Part) => readonly Sample[], always };
}

/** All samples of a family. */
export function samplesIn(family: Family, snapshot: MetricsSnapshot): readonly Sample[] {
  if ('samples' in family) return family.samples(snapshot);
  return [...family.always, ...family.parts(snapshot).flatMap(family.samplesOf)];
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
  return counted(all).map(({ labels }) => ({ labels, value: 1 }));
}

/** One series for each set of labels: how often it is there. */
export function counted(all: readonly Sample['labels'][]): readonly Sample[] {
  const groups = Map.groupBy(all, (labels) => JSON.stringify(labels));
  return [...groups.values()].map((group) => ({ labels: group[0] ?? {}, value: group.length }));
}
