import type { MetricsSnapshot, ModelMetrics } from '../domain/index.ts';

/** One time series at one instant. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a family's values are, and so what is demanded of them. */
export type Unit = 'count' | 'boolean' | 'hash' | 'unix_seconds' | 'seconds';

/** A metric family and how a snapshot fills it. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly unit: Unit;
  readonly labels: readonly string[];
  readonly samples: (snapshot: MetricsSnapshot) => readonly Sample[];
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
  const samples = ({ models }: MetricsSnapshot) =>
    models.flatMap((model) => given(nameOf(model), read(model)));
  return { ...gauge(name, help, unit), labels: MODEL, samples };
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
