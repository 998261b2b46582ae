import { modelWorkloads } from './model-services.ts';
import type { Resource } from './resource.ts';
import { at, listAt, textAt } from './values.ts';

/** The InferenceService of a model, when it has one. */
export function inferenceServiceOf(resources: readonly Resource[], modelId: string): Resource | undefined {
  return modelWorkloads(resources, modelId).find(({ kind }) => kind === 'InferenceService');
}

/** Whether an InferenceService has a transformer with a container of its own in front of the predictor. */
export function transformerOf(service: Resource): string | undefined {
  const transformer = at(service.body, 'spec', 'transformer');
  const containers = listAt(transformer, 'containers');
  const images = containers.map((container) => textAt(container, 'image'));
  return images.find((image) => image !== undefined);
}
