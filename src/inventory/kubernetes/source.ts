import type { z } from 'zod';
import { CountersignError } from '../../domain/index.ts';
import type { Gap, InventorySource, Past, SeenDeployment, Sighting } from '../contract.ts';
import { distinct } from '../names.ts';
import type { SourceTools } from '../secret.ts';
import { paceOf } from '../settings.ts';
import type { Web } from '../web.ts';
import { openCluster } from './access.ts';
import { LlmConfig, resolveBases } from './base-refs.ts';
import { Controller, observeController, podSelector, servesModel } from './controller.ts';
import { discover } from './discovery.ts';
import { InferenceService, OF_SERVICE, observeInferenceService } from './inference-service.ts';
import { type Listed, type ListQuery, listAll } from './list.ts';
import { LlmInferenceService, OF_LLM, observeLlmInferenceService } from './llm-inference-service.ts';
import { type Meta, Pod } from './objects.ts';
import { observeSeldonDeployment, observeSeldonModel, SeldonDeployment, SeldonModel } from './seldon.ts';
import { type KubernetesSettings, RESOURCES, type ResourceName } from './settings.ts';

/** A list in all namespaces that are looked at, unless it names its own. */
type Query = Omit<ListQuery, 'namespaces'> & Partial<Pick<ListQuery, 'namespaces'>>;

/** A cluster at one look. */
interface Cluster {
  list<T>(query: Query, schema: z.ZodType<T>): Promise<Listed<T>>;
  environmentOf(meta: Meta): string;
}

/** What a kind came to: deployments whose names begin with one of `prefixes`. */
interface Kind {
  readonly prefixes: readonly string[];
  readonly observations: readonly SeenDeployment[];
  readonly missing: readonly string[];
  /** The cluster says that it does not know it. */
  readonly isUnknown: boolean;
}

/** Deployments from what a Kubernetes cluster says that it runs. */
export function createKubernetesSource(settings: KubernetesSettings, tools: SourceTools): InventorySource {
  return {
    ...paceOf(settings),
    observe: async (signal, { known }) => {
      const cluster = clusterOf(await openCluster(settings, tools), settings, signal);
      const kinds = await Promise.all((settings.resources ?? RESOURCES).map((name) => LOOKS[name](cluster)));
      return sightingOf(kinds, settings.resources !== undefined, known);
    },
  };
}

function clusterOf(web: Web, settings: KubernetesSettings, signal: AbortSignal): Cluster {
  const { namespaces, environment, environment_of } = settings;
  const lacks = discover(web, signal);
  return {
    list: async (query, schema) => {
      const listed = await listAll(web, { namespaces, ...query }, schema, signal);
      if (!listed.isUnknown || (await lacks(query))) return listed;
      const missing = listed.missing.map((each) => `${each}, and nothing says that it has none of that kind`);
      return { ...listed, missing, isUnknown: false };
    },
    environmentOf: ({ namespace }) => environment_of[namespace] ?? environment,
  };
}

/**
 * A cluster of which nothing at all could be read is one that cannot be read. A kind that it does not know is none of its,
 * unless deployments of that kind were seen: whoever takes away the kind does not say that they serve no more.
 */
function sightingOf(kinds: readonly Kind[], isWanted: boolean, known: Past['known']): Sighting {
  const lacking = kinds.map((kind) => (isWanted || !kind.isUnknown ? kind : withoutKind(kind, known)));
  const [first] = lacking.flatMap(({ missing }) => missing);
  const isLost = lacking.every(
    ({ observations, missing }) => missing.length > 0 && observations.length === 0,
  );
  if (first !== undefined && isLost) throw new CountersignError('unavailable', first);
  const gaps = lacking.flatMap((kind): Gap[] =>
    kind.missing.map((reason) => ({ reason, covers: (deployment) => isOfKind(deployment, kind) })),
  );
  return { observations: distinct(kinds.flatMap(({ observations }) => observations)), gaps };
}

function withoutKind(kind: Kind, known: Past['known']): Kind {
  if (!known.some((deployment) => isOfKind(deployment, kind))) return { ...kind, missing: [] };
  const missing = kind.missing.map(
    (each) =>
      `${each}: the cluster knew this kind. To give up what was seen of it, leave it out of resources`,
  );
  return { ...kind, missing };
}

function isOfKind({ deployment }: Past['known'][number], { prefixes }: Kind): boolean {
  return prefixes.some((prefix) => deployment.startsWith(`${prefix}/`));
}

/** Lists by the newest version of their API; older clusters know only the other. */
function llmLists(resource: string): Query[] {
  return ['v1alpha2', 'v1alpha1'].map((version) => ({
    group: `/apis/serving.kserve.io/${version}`,
    resource,
  }));
}

const LOOKS: Readonly<Record<ResourceName, (cluster: Cluster) => Promise<Kind>>> = {
  inferenceservices: async (cluster) =>
    withPods(
      cluster,
      ['inferenceservice', 'inferenceservice-transformer', 'inferenceservice-explainer'],
      await cluster.list(
        { group: '/apis/serving.kserve.io/v1beta1', resource: 'inferenceservices' },
        InferenceService,
      ),
      OF_SERVICE,
      observeInferenceService,
    ),
  llminferenceservices: async (cluster) =>
    withPods(
      cluster,
      ['llminferenceservice'],
      await llmServices(cluster),
      OF_LLM,
      observeLlmInferenceService,
    ),
  seldonmodels: async (cluster) => {
    const listed = await cluster.list(
      { group: '/apis/mlops.seldon.io/v1alpha1', resource: 'models' },
      SeldonModel,
    );
    return kindOf(['seldonmodel'], listed, (item) =>
      observeSeldonModel(item, cluster.environmentOf(item.metadata)),
    );
  },
  seldondeployments: async (cluster) => {
    const query = { group: '/apis/machinelearning.seldon.io/v1', resource: 'seldondeployments' };
    const listed = await cluster.list(query, SeldonDeployment);
    return kindOf(['seldondeployment'], listed, (item) =>
      observeSeldonDeployment(item, cluster.environmentOf(item.metadata)),
    );
  },
  deployments: (cluster) => controllers(cluster, 'deployment', 'deployments'),
  statefulsets: (cluster) => controllers(cluster, 'statefulset', 'statefulsets'),
};

function kindOf<T>(
  prefixes: readonly string[],
  { items, missing, isUnknown }: Listed<T>,
  observe: (item: T) => readonly SeenDeployment[],
): Kind {
  return { prefixes, observations: items.flatMap(observe), missing, isUnknown };
}

/** Without all of the pods nobody can tell what serves. */
async function withPods<T extends { readonly metadata: Meta }>(
  cluster: Cluster,
  prefixes: readonly string[],
  listed: Listed<T>,
  labelSelector: string,
  observe: (item: T, environment: string, pods: readonly Pod[]) => readonly SeenDeployment[],
): Promise<Kind> {
  if (listed.items.length === 0) return kindOf(prefixes, listed, () => []);
  const pods = await podsBy(cluster, labelSelector);
  if (pods.missing.length > 0)
    return { prefixes, observations: [], missing: [...listed.missing, ...pods.missing], isUnknown: false };
  return kindOf(prefixes, listed, (item) => observe(item, cluster.environmentOf(item.metadata), pods.items));
}

async function llmServices(cluster: Cluster): Promise<Listed<LlmInferenceService>> {
  const listed = await firstKnown(cluster, llmLists('llminferenceservices'), LlmInferenceService);
  return resolveBases(listed, (namespace) => {
    const where = namespace === null ? {} : { namespaces: [namespace] };
    const lists = llmLists('llminferenceserviceconfigs').map((query) => ({ ...query, ...where }));
    return firstKnown(cluster, lists, LlmConfig);
  });
}

async function firstKnown<T>(
  cluster: Cluster,
  [query, ...others]: readonly Query[],
  schema: z.ZodType<T>,
): Promise<Listed<T>> {
  if (query === undefined) throw new RangeError('no list to look at');
  const listed = await cluster.list(query, schema);
  return listed.isUnknown && others.length > 0 ? firstKnown(cluster, others, schema) : listed;
}

function podsBy(cluster: Cluster, labelSelector: string, namespace?: string): Promise<Listed<Pod>> {
  const where = namespace === undefined ? {} : { namespaces: [namespace] };
  return cluster.list({ group: '/api/v1', resource: 'pods', labelSelector, ...where }, Pod);
}

/** Lists of pods that are asked for at one time. */
const CONCURRENCY = 4;

async function controllers(
  cluster: Cluster,
  kind: 'deployment' | 'statefulset',
  resource: string,
): Promise<Kind> {
  const listed = await cluster.list({ group: '/apis/apps/v1', resource }, Controller);
  const serving = listed.items.filter(servesModel);
  const observed: Pick<Kind, 'observations' | 'missing'>[] = [];
  for (let start = 0; start < serving.length; start += CONCURRENCY) {
    const some = serving.slice(start, start + CONCURRENCY);
    observed.push(...(await Promise.all(some.map((item) => observeWithPods(cluster, kind, item)))));
  }
  return {
    prefixes: [kind],
    observations: observed.flatMap(({ observations }) => observations),
    missing: [...listed.missing, ...observed.flatMap(({ missing }) => missing)],
    // Every cluster knows these.
    isUnknown: false,
  };
}

async function observeWithPods(
  cluster: Cluster,
  kind: 'deployment' | 'statefulset',
  item: Controller,
): Promise<Pick<Kind, 'observations' | 'missing'>> {
  const selector = podSelector(item);
  const pods = selector === null ? null : await podsBy(cluster, selector, item.metadata.namespace);
  if (pods !== null && pods.missing.length > 0) return { observations: [], missing: pods.missing };
  const environment = cluster.environmentOf(item.metadata);
  return { observations: observeController(kind, item, environment, pods?.items ?? null), missing: [] };
}
