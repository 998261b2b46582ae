import { z } from 'zod';
import type { SeenDeployment } from '../contract.ts';
import { Meta, type Pod } from './objects.ts';
import { observePods, observeSpecification } from './served.ts';

/** A Deployment or StatefulSet. */
export const Controller = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).nullish() }).nullish(),
    template: z.looseObject({
      metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).nullish() }).nullish(),
    }),
  }),
  status: z.looseObject({ readyReplicas: z.int().min(0).max(1_000_000).nullish() }).nullish(),
});
export type Controller = z.infer<typeof Controller>;

const MODEL = 'countersign.dev/model';
const CONTAINER = 'countersign.dev/container';
/** What is seen as what it belongs to. */
const SEEN_OTHERWISE: ReadonlySet<string> = new Set([
  'InferenceService',
  'LLMInferenceService',
  'Revision',
  'SeldonDeployment',
  'Model',
  'ModelServer',
]);

/** Whether it says that it serves a model, and belongs to nothing that is looked at itself. */
export function servesModel(controller: Controller): boolean {
  const isOwned = controller.metadata.ownerReferences.some(
    ({ kind, controller: controls }) => controls === true && SEEN_OTHERWISE.has(kind),
  );
  return !isOwned && annotationsOf(controller)[MODEL] !== undefined;
}

/** The selector of its pods where one of their images is the model; null where pods tell nothing. */
export function podSelector(controller: Controller): string | null {
  const labels = Object.entries(controller.spec.selector?.matchLabels ?? {});
  if (annotationsOf(controller)[CONTAINER] === undefined || labels.length === 0) return null;
  return labels.map(([key, value]) => `${key}=${value}`).join(',');
}

/** What a Deployment or StatefulSet serves, by its annotations or by the image of the container that they name. */
export function observeController(
  kind: 'deployment' | 'statefulset',
  controller: Controller,
  environment: string,
  pods: readonly Pod[] | null,
): SeenDeployment[] {
  const { metadata, status } = controller;
  const workload = { ...metadata, kind, annotations: annotationsOf(controller), environment, uris: [] };
  return pods === null
    ? observeSpecification(workload, status?.readyReplicas ?? 0)
    : observePods(workload, pods, { main: null, newest: null, routed: [] });
}

function annotationsOf({ metadata, spec }: Controller): Readonly<Record<string, string>> {
  return { ...metadata.annotations, ...spec.template.metadata?.annotations };
}
