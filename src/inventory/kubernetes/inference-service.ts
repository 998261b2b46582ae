import { z } from 'zod';
import type { SeenDeployment } from '../contract.ts';
import { Meta, type Pod } from './objects.ts';
import { observePods, type Revisions } from './served.ts';

const Uri = z.string().min(1).max(4096);
/** Everything of a component that may hold where a model comes from. */
const Storage = z.looseObject({ storageUri: Uri.nullish() });
const Component = z
  .looseObject({ storageUris: z.array(z.looseObject({ uri: Uri })).nullish() })
  .nullish()
  .transform((component) => component ?? null);
const Traffic = z.looseObject({
  revisionName: z.string().nullish(),
  percent: z.number().nullish(),
});
const ComponentStatus = z.looseObject({
  latestCreatedRevision: z.string().nullish(),
  latestRolledoutRevision: z.string().nullish(),
  traffic: z.array(Traffic).nullish(),
});

/** A KServe InferenceService. */
export const InferenceService = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({ predictor: Component, transformer: Component, explainer: Component }),
  status: z.looseObject({ components: z.record(z.string(), ComponentStatus).nullish() }).nullish(),
});
export type InferenceService = z.infer<typeof InferenceService>;

const COMPONENTS = ['predictor', 'transformer', 'explainer'] as const;
/** By which KServe marks the pods of an InferenceService. */
export const OF_SERVICE = 'serving.kserve.io/inferenceservice';
const OF_COMPONENT = 'component';

/** What an InferenceService serves: its predictor in any case, and other parts that load a model of their own. */
export function observeInferenceService(
  { metadata, spec, status }: InferenceService,
  environment: string,
  pods: readonly Pod[],
): SeenDeployment[] {
  const own = pods.filter(
    ({ namespace, labels }) => namespace === metadata.namespace && labels[OF_SERVICE] === metadata.name,
  );
  return COMPONENTS.flatMap((component) => {
    const uris = urisOf(spec[component]);
    if (component !== 'predictor' && uris.length === 0) return [];
    const kind = component === 'predictor' ? 'inferenceservice' : `inferenceservice-${component}`;
    const those = own.filter(({ labels }) => (labels[OF_COMPONENT] ?? 'predictor') === component);
    const workload = { ...metadata, kind, environment, uris };
    return observePods(workload, those, revisionsOf(status?.components?.[component]));
  });
}

/** `model`, or a framework by its name as it was done before; several in `storageUris`. */
function urisOf(component: InferenceService['spec']['predictor']): string[] {
  if (component === null) return [];
  const several = (component.storageUris ?? []).map(({ uri }) => uri);
  const single = Object.values(component).flatMap((value) => {
    const storage = Storage.safeParse(value);
    return storage.success && storage.data.storageUri ? [storage.data.storageUri] : [];
  });
  return [...new Set([...single, ...several])];
}

function revisionsOf(status: z.infer<typeof ComponentStatus> | undefined): Revisions {
  const traffic = (status?.traffic ?? []).flatMap(({ revisionName, percent }) =>
    revisionName && (percent ?? 0) > 0 ? [revisionName] : [],
  );
  return {
    main: status?.latestRolledoutRevision || null,
    newest: status?.latestCreatedRevision || null,
    routed: [...new Set(traffic)],
  };
}
