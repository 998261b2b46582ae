import { z } from 'zod';
import type { SeenDeployment } from '../contract.ts';
import { escapedName } from '../names.ts';
import { deploymentName, Meta, type Pod, type Workload } from './objects.ts';
import { readPart } from './part.ts';
import { observePods } from './served.ts';

const Adapter = z.looseObject({ name: z.string().max(1000).nullish(), uri: z.string().max(4096).nullish() });

/** The model of a KServe LLMInferenceService. */
export const LlmModel = z.looseObject({
  uri: z.string().max(4096).nullish(),
  lora: z.looseObject({ adapters: z.array(Adapter).max(1000).nullish() }).nullish(),
});

/** A KServe LLMInferenceService. */
export const LlmInferenceService = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    model: LlmModel.nullish(),
    baseRefs: z
      .array(z.looseObject({ name: z.string().max(253) }))
      .max(100)
      .nullish(),
  }),
});
export type LlmInferenceService = z.infer<typeof LlmInferenceService>;

/** By which KServe marks the pods of LLMInferenceServices. */
export const OF_LLM = 'app.kubernetes.io/part-of=llminferenceservice';

/** What an LLMInferenceService serves: its base model, and every adapter, which is a model of its own. */
export function observeLlmInferenceService(
  { metadata, spec }: LlmInferenceService,
  environment: string,
  pods: readonly Pod[],
): SeenDeployment[] {
  const { uri, lora } = spec.model ?? {};
  const workload = { ...metadata, kind: 'llminferenceservice', environment, uris: uri ? [uri] : [] };
  const own = pods.filter(
    ({ namespace, labels }) =>
      namespace === metadata.namespace &&
      labels['app.kubernetes.io/name'] === metadata.name &&
      (labels['app.kubernetes.io/component'] ?? '').includes('workload'),
  );
  const replicas = own.filter(({ isServing }) => isServing).length;
  const base = observePods(workload, own, { main: null, newest: null, routed: [] });
  return [...base, ...(lora?.adapters ?? []).map((adapter) => observeAdapter(workload, adapter, replicas))];
}

const NAME_OF_KEY = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const ADAPTER_PREFIX = 'adapter.countersign.dev/';

/** The annotation `adapter.countersign.dev/<name>` says `model@version`, and after a space the digest. */
function observeAdapter(
  workload: Workload,
  { name, uri }: z.infer<typeof Adapter>,
  replicas: number,
): SeenDeployment {
  const called = name ?? '';
  const key = NAME_OF_KEY.test(called) ? called : escapedName(called);
  const [, model, version, digest] =
    /^([^@\s]+)(?:@(\S+))?(?:\s+(\S+))?$/.exec(workload.annotations[`${ADAPTER_PREFIX}${key}`] ?? '') ?? [];
  const annotations = Object.fromEntries(
    Object.entries({ model: model ?? called, version, digest }).flatMap(([field, value]) =>
      value === undefined ? [] : [[`countersign.dev/${field}`, value]],
    ),
  );
  return {
    deployment: `${deploymentName(workload)}/adapter/${key}`,
    environment: workload.environment,
    ...readPart({ end: '', uri: uri ?? null, imageId: null }, annotations, workload),
    replicas,
  };
}
