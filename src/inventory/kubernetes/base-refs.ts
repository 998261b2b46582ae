import { z } from 'zod';
import { quoted } from '../names.ts';
import type { Listed } from './list.ts';
import { type LlmInferenceService, LlmModel } from './llm-inference-service.ts';
import { Meta } from './objects.ts';

/** A KServe LLMInferenceServiceConfig: a part of a specification that services build on. */
export const LlmConfig = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({ model: LlmModel.nullish() }),
});
type LlmConfig = z.infer<typeof LlmConfig>;

/** Where KServe looks for what is not in the namespace of the service. */
const SYSTEM_NAMESPACE = 'kserve';

/**
 * Services with the model that they come to serve by their `baseRefs`, as KServe puts them together: a later base over an
 * earlier one, and the service over all. Where a base cannot be found only what the service says itself counts, and what
 * it lacks is missing.
 * @param list lists configurations in a namespace; in all that are looked at for null
 */
export async function resolveBases(
  services: Listed<LlmInferenceService>,
  list: (namespace: string | null) => Promise<Listed<LlmConfig>>,
): Promise<Listed<LlmInferenceService>> {
  const refs = services.items.flatMap(({ metadata: { namespace }, spec }) =>
    (spec.baseRefs ?? []).map(({ name }) => ({ namespace, name })),
  );
  if (refs.length === 0) return services;
  const own = await list(null);
  const isElsewhere = refs.some((ref) => findConfig(own.items, ref) === undefined);
  const shared = isElsewhere ? await list(SYSTEM_NAMESPACE) : NOTHING;
  const configs = [...own.items, ...shared.items];
  const lacking = services.items.flatMap((service) => lackOf(service, configs));
  return {
    ...services,
    items: services.items.map((service) => resolve(service, configs)),
    missing: [
      ...services.missing,
      ...(lacking.length > 0 ? [...own.missing, ...shared.missing] : []),
      ...lacking,
    ],
  };
}

const NOTHING: Listed<never> = { items: [], missing: [], isUnknown: false };

function findConfig(
  configs: readonly LlmConfig[],
  { namespace, name }: { readonly namespace: string; readonly name: string },
): LlmConfig | undefined {
  const named = configs.filter(({ metadata }) => metadata.name === name);
  const within = (wanted: string) => named.find(({ metadata }) => metadata.namespace === wanted);
  return within(namespace) ?? within(SYSTEM_NAMESPACE);
}

function lackOf({ metadata, spec }: LlmInferenceService, configs: readonly LlmConfig[]): string[] {
  const { namespace } = metadata;
  return (spec.baseRefs ?? []).flatMap(({ name }) =>
    findConfig(configs, { namespace, name }) === undefined
      ? [
          `the LLMInferenceService ${namespace}/${metadata.name} builds on ${quoted(name)}, which is neither in its namespace nor in ${SYSTEM_NAMESPACE}`,
        ]
      : [],
  );
}

function resolve(service: LlmInferenceService, configs: readonly LlmConfig[]): LlmInferenceService {
  const { metadata, spec } = service;
  const bases = (spec.baseRefs ?? []).map(({ name }) => findConfig(configs, { ...metadata, name }));
  const models = [...(bases.includes(undefined) ? [] : bases), { spec }].map((each) => each?.spec.model);
  // A configuration is a template; what is filled in at the service is not known here.
  const uri = models.findLast((model) => Boolean(model?.uri))?.uri;
  const lora = models.findLast((model) => model?.lora?.adapters != null)?.lora;
  return { ...service, spec: { ...spec, model: { uri: uri?.includes('{{') ? null : uri, lora } } };
}
