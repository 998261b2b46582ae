import type { Door } from '../door.ts';
import { type Finding, fails, unknown } from '../finding.ts';
import { podLabels, workloadsBehind } from '../model-services.ts';
import { isFor } from '../policy.ts';
import { type Resource, whereOf } from '../resource.ts';
import { at, listAt, objectsIn, selects, textAt, textMapAt } from '../values.ts';
import { type Limits, NO_LIMITS, together } from './limit.ts';
import { bucketLimits } from './token-bucket.ts';

/** The proxies that a door's requests pass, by the labels of their pods. */
export interface Proxies {
  readonly gateways: readonly {
    readonly resource: Resource;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly host: string;
}

const ROOT_NAMESPACE = 'istio-system';
const LOCAL = /local_ratelimit|LocalRateLimit/;
const GLOBAL = /filters\.http\.ratelimit|ratelimit\.v3\.RateLimit\b/;

/** The limits of EnvoyFilters that select a proxy on the way: a gateway's, or the sidecar of the model. */
export function istioLimits(door: Door, proxies: Proxies, resources: readonly Resource[]): Limits {
  const filters = limiting(resources).filter((filter) => attaches(filter, door, proxies, resources));
  return together(NO_LIMITS, ...filters.map((filter) => filterLimits(filter, proxies.host)));
}

/** EnvoyFilters with a rate limit that select no proxy of the manifests. */
export function danglingFilters(resources: readonly Resource[]): Finding[] {
  const labels = resources.flatMap((resource) => [podLabels(resource), gatewayLabels(resource)]);
  return limiting(resources)
    .filter((filter) => {
      const selector = selectorOf(filter);
      const targeted = resources.some((resource) => isFor(filter, resource, resources));
      return Object.keys(selector).length > 0 && !targeted && !labels.some((set) => selects(selector, set));
    })
    .map((filter) => {
      const wanted = Object.entries(selectorOf(filter)).map(([key, value]) => `${key}=${value}`);
      const there = labels.filter((set) => Object.keys(set).length > 0).map((set) => JSON.stringify(set));
      return fails(
        whereOf(filter),
        `attaches to nothing: it selects pods with ${wanted.join(', ')}; there are ${there.slice(0, 5).join(', ') || 'none with labels'}`,
        'correct workloadSelector.labels',
      );
    });
}

function limiting(resources: readonly Resource[]): Resource[] {
  return resources.filter(
    ({ kind, body }) =>
      kind === 'EnvoyFilter' && [LOCAL, GLOBAL].some((pattern) => pattern.test(JSON.stringify(body))),
  );
}

/** The labels by which a Gateway finds its proxies, which those have at least. */
export function gatewayLabels(gateway: Resource): Readonly<Record<string, string>> {
  if (gateway.kind !== 'Gateway') return {};
  if (gateway.group === 'networking.istio.io') return textMapAt(gateway.body, 'spec', 'selector');
  return { 'gateway.networking.k8s.io/gateway-name': gateway.name };
}

function selectorOf(filter: Resource): Readonly<Record<string, string>> {
  return textMapAt(filter.body, 'spec', 'workloadSelector', 'labels');
}

function attaches(
  filter: Resource,
  door: Door,
  { gateways }: Proxies,
  resources: readonly Resource[],
): boolean {
  const selector = selectorOf(filter);
  const everywhere = filter.namespace === ROOT_NAMESPACE;
  const takes = (labels: Readonly<Record<string, string>>) =>
    Object.keys(selector).length === 0 || selects(selector, labels);
  const atGateway = gateways.some(
    ({ resource, labels }) =>
      isFor(filter, resource, resources) ||
      ((everywhere || filter.namespace === resource.namespace) && takes(labels)),
  );
  const workloads = door.backends.flatMap((backend) => workloadsBehind(resources, backend));
  const atSidecar = workloads.some(
    (workload) => (everywhere || filter.namespace === workload.namespace) && takes(podLabels(workload)),
  );
  const contexts = listAt(filter.body, 'spec', 'configPatches').map(
    (patch) => textAt(patch, 'match', 'context') ?? 'ANY',
  );
  return (
    (atGateway && contexts.some((context) => ['GATEWAY', 'ANY'].includes(context))) ||
    (atSidecar && contexts.some((context) => ['SIDECAR_INBOUND', 'ANY'].includes(context)))
  );
}

function filterLimits(filter: Resource, host: string): Limits {
  const where = whereOf(filter);
  const patches = listAt(filter.body, 'spec', 'configPatches').filter((patch) => isForHost(patch, host));
  const configs = patches.flatMap((patch) => [...objectsIn(at(patch, 'patch', 'value'))]);
  const buckets = configs.filter(
    (config) => at(config, 'token_bucket') !== undefined && at(config, 'entries') === undefined,
  );
  const actions = configs.flatMap((config) =>
    listAt(config, 'rate_limits').flatMap((limit) => listAt(limit, 'actions')),
  );
  if (buckets.length > 0) return together(...buckets.map((bucket) => bucketLimits(where, bucket, actions)));
  if (GLOBAL.test(JSON.stringify(filter.body)))
    return {
      limits: [],
      findings: [
        unknown(
          where,
          'asks a rate limit service, whose limits are not in the manifests',
          'add a local_ratelimit, or a BackendTrafficPolicy',
        ),
      ],
    };
  return {
    limits: [],
    findings: [
      fails(
        where,
        `has no token_bucket for ${host}: it limits nothing`,
        'add token_bucket, filter_enabled and filter_enforced',
      ),
    ],
  };
}

/** A patch for another virtual host does not concern the door. */
function isForHost(patch: unknown, host: string): boolean {
  const name = textAt(patch, 'match', 'routeConfiguration', 'vhost', 'name');
  return (
    name === undefined || name.startsWith('inbound|') || name === '*:80' || name.replace(/:\d+$/, '') === host
  );
}
