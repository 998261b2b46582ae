import type { Door } from '../door.ts';
import type { Finding } from '../finding.ts';
import { attachment } from '../gateway-listeners.ts';
import { gatewaysOf } from '../istio-gateways.ts';
import { danglingPlugins } from '../kong-plugins.ts';
import { danglingPolicies } from '../policy.ts';
import type { Manifests } from '../read.ts';
import type { Resource } from '../resource.ts';
import type { Endpoint } from '../serving.ts';
import { middlewaresOf } from '../traefik-middlewares.ts';
import { envoyGatewayLimits } from './envoy-gateway.ts';
import { ingressLimits } from './ingress.ts';
import { danglingFilters, gatewayLabels, istioLimits } from './istio.ts';
import { KONG_LIMITS, kongLimits } from './kong.ts';
import {
  effective,
  judgeLimits,
  type LimitPolicy,
  type Limits,
  NO_LIMITS,
  tightest,
  together,
} from './limit.ts';
import { nginxLimits } from './nginx.ts';
import { danglingMiddlewares, traefikLimits } from './traefik.ts';

/** The findings about all doors, and the largest rate that any of them lets one client have. */
export interface LimitVerdict {
  readonly findings: readonly Finding[];
  readonly perMinute: number | undefined;
  /** Whether every door limits clients with IPv6 addresses too. */
  readonly everyone: boolean;
}

/** Judges the limits of every door; a door that only redirects needs none. */
export function judgeAllLimits(
  doors: readonly Door[],
  manifests: Manifests,
  endpoint: Endpoint,
  policy: LimitPolicy,
): LimitVerdict {
  const { resources } = manifests;
  const serving = doors.filter((door) => door.redirectsToHttps !== true);
  const judged = serving.map((door) => {
    const limits = limitsOf(door, endpoint, resources);
    const four = tightest(limits.limits, policy, 'IPv4');
    const six = tightest(limits.limits, policy, 'IPv6');
    const rates = [four, six].flatMap((limit) => (limit === undefined ? [] : [effective(limit, policy)]));
    return {
      findings: judgeLimits(door.where, limits, policy),
      rate: four === undefined ? undefined : Math.max(...rates),
      everyone: six !== undefined,
    };
  });
  const rates = judged.flatMap(({ rate }) => rate ?? []);
  const dangling = [
    ...danglingPolicies(resources, ['BackendTrafficPolicy']),
    ...danglingPlugins(KONG_LIMITS, resources),
    ...danglingMiddlewares(resources),
    ...danglingFilters(resources),
  ];
  return {
    findings: [...judged.flatMap(({ findings }) => findings), ...dangling],
    everyone: judged.every(({ everyone }) => everyone),
    perMinute: rates.length === serving.length && rates.length > 0 ? Math.max(...rates) : undefined,
  };
}

function limitsOf(door: Door, endpoint: Endpoint, resources: readonly Resource[]): Limits {
  const { frame } = door;
  switch (frame.platform) {
    case 'gateway_api':
      return gatewayLimits(door, frame.resource, endpoint, resources);
    case 'istio': {
      const { gateways, findings } = gatewaysOf(frame.resource, resources);
      const proxies = gateways.map((resource) => ({ resource, labels: gatewayLabels(resource) }));
      return together(
        { limits: [], findings },
        istioLimits(door, { gateways: proxies, host: endpoint.host }, resources),
      );
    }
    case 'ingress':
      return ingressLimits(door, resources);
    case 'traefik':
      return traefikLimits(middlewaresOf(frame.resource, frame.rule, resources));
    case 'kong':
      return kongLimits(door, resources);
    case 'nginx':
      return nginxLimits(door);
    default:
      return NO_LIMITS;
  }
}

function gatewayLimits(
  door: Door,
  route: Resource,
  endpoint: Endpoint,
  resources: readonly Resource[],
): Limits {
  const { listeners, findings } = attachment(route, door, endpoint.host, resources);
  const proxies = listeners.map(({ gateway }) => ({ resource: gateway, labels: gatewayLabels(gateway) }));
  return together(
    { limits: [], findings },
    envoyGatewayLimits(door, route, listeners, resources),
    istioLimits(door, { gateways: proxies, host: endpoint.host }, resources),
    kongLimits(door, resources),
  );
}
