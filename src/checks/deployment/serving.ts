import type { Backend, Door, Platform } from './door.ts';
import { routeDoors } from './doors/gateway-api.ts';
import { ingressDoors } from './doors/ingress.ts';
import { virtualServiceDoors } from './doors/istio.ts';
import { kongDoors } from './doors/kong.ts';
import { nginxDoors } from './doors/nginx.ts';
import { ingressRouteDoors } from './doors/traefik.ts';
import { type Finding, unknown } from './finding.ts';
import { inferenceServiceOf } from './kserve.ts';
import { hostRank, mayMatch, pathRank } from './match.ts';
import { isBackend, modelServices } from './model-services.ts';
import { DEPLOYMENT, type Manifests } from './read.ts';
import { nameOf, type Resource, whereOf } from './resource.ts';

/** Where a model is asked: the host name and the path of its predict endpoint. */
export interface Endpoint {
  readonly host: string;
  readonly path: string;
}

/** The doors through which requests reach a model. */
export interface Serving {
  /** As given, or as found; undefined where it was not found or is ambiguous. */
  readonly endpoint: Endpoint | undefined;
  readonly doors: readonly Door[];
  /** Why there is none, and what about them is not understood. */
  readonly findings: readonly Finding[];
}

/** Every door of the manifests. */
function allDoors({ resources, kong, nginx }: Manifests): Door[] {
  return [...resources.flatMap(doorsOf), ...kong.flatMap(kongDoors), ...nginx.flatMap(nginxDoors)];
}

function doorsOf(resource: Resource): Door[] {
  switch (`${resource.group}/${resource.kind}`) {
    case 'networking.k8s.io/Ingress':
      return ingressDoors(resource);
    case 'gateway.networking.k8s.io/HTTPRoute':
    case 'gateway.networking.k8s.io/GRPCRoute':
      return routeDoors(resource);
    case 'networking.istio.io/VirtualService':
      return virtualServiceDoors(resource);
    case 'traefik.io/IngressRoute':
    case 'traefik.containo.us/IngressRoute':
      return ingressRouteDoors(resource);
    default:
      return [];
  }
}

/**
 * Finds the doors that lead to a model: those that serve its endpoint, and every other one to the same Services, since a
 * second door without the guards of the first undoes them.
 */
export function servingDoors(manifests: Manifests, modelId: string, endpoint: Endpoint | undefined): Serving {
  const doors = allDoors(manifests);
  const services = modelServices(manifests.resources, modelId);
  const toModel = doors.filter((door) =>
    door.backends.some((backend) => services.some((service) => isBackend(backend, service))),
  );
  if (endpoint !== undefined) return servingEndpoint(doors, toModel, services.length > 0, endpoint);
  const hosts = [...new Set(toModel.map(({ hosts: patterns }) => patterns.join(', ') || '*'))];
  const [door] = toModel;
  if (door === undefined || hosts.length > 1 || toModel.some(({ hosts: patterns }) => patterns.length !== 1))
    return { endpoint: undefined, doors: [], findings: [notFound(manifests, modelId, toModel)] };
  const found = { host: door.hosts[0] ?? '', path: door.path.value };
  return { endpoint: found, doors: toModel, findings: toModel.flatMap(understood(found)) };
}

function servingEndpoint(
  doors: readonly Door[],
  toModel: readonly Door[],
  known: boolean,
  endpoint: Endpoint,
): Serving {
  const first = chosen(doors, endpoint);
  const backends = first.flatMap((door) => door.backends);
  const where = first[0]?.where ?? DEPLOYMENT;
  if (backends.length === 0) return { endpoint, doors: [], findings: [notServed(doors, endpoint, first)] };
  const leads = !known || first.some((door) => toModel.includes(door));
  const others = doors.filter(
    (door) => !first.includes(door) && (toModel.includes(door) || shares(door, backends)),
  );
  const all = [...first, ...others];
  const astray = unknown(
    where,
    `serves ${endpoint.host}${endpoint.path} and leads to ${backends.map(nameOf).join(', ')}, which the manifests do not tie to this model`,
    'label the Service or its pods countersign.dev/model: <model id>, or correct the parameter endpoint',
  );
  return {
    endpoint,
    doors: all,
    findings: [...(leads ? [] : [astray]), ...all.flatMap(understood(endpoint))],
  };
}

/** The doors that answer for an endpoint: per product the ones that name it most exactly, and all that take only some requests. */
function chosen(doors: readonly Door[], { host, path }: Endpoint): Door[] {
  const rank = (door: Door) => {
    const [byHost, byPath] = [hostRank(door.hosts, host), pathRank(door.path, path)];
    return byHost < 0 || byPath < 0 ? -1 : byHost * 1_000_000 + byPath;
  };
  const ranked = doors.map((door) => ({ door, rank: rank(door) })).filter((item) => item.rank >= 0);
  const highest = new Map<Platform, number>();
  for (const { door, rank: value } of ranked)
    if (door.narrowed !== true && door.path.type !== 'opaque')
      highest.set(door.platform, Math.max(value, highest.get(door.platform) ?? 0));
  return ranked
    .filter(
      ({ door, rank: value }) => door.path.type === 'opaque' || value >= (highest.get(door.platform) ?? 0),
    )
    .map(({ door }) => door);
}

function shares(door: Door, backends: readonly Backend[]): boolean {
  return door.backends.some((backend) =>
    backends.some((other) => isBackend(backend, other) || isBackend(other, backend)),
  );
}

function understood({ path }: Endpoint): (door: Door) => Finding[] {
  return (door) => {
    const opaque = door.path.type === 'opaque' && mayMatch(door.path.value, path) === undefined;
    const message = `the pattern ${door.path.value.slice(0, 80)} is not evaluated, so whether it takes ${path} is unknown`;
    return [
      ...(opaque ? [unknown(door.where, message, 'match the path exactly or by its prefix')] : []),
      ...(door.findings ?? []),
    ];
  };
}

function listed(doors: readonly Door[]): string {
  const names = doors
    .slice(0, 8)
    .map((door) => `${door.hosts.join(', ') || '*'}${door.path.value} (${door.name})`);
  const more = doors.length > names.length ? ` and ${doors.length - names.length} more` : '';
  return names.length === 0 ? 'no route at all' : `${names.join('; ')}${more}`;
}

const SET = 'set the parameter endpoint: { host, path } to where the model is asked';

function notFound(manifests: Manifests, modelId: string, toModel: readonly Door[]): Finding {
  if (toModel.length > 0)
    return unknown(
      DEPLOYMENT,
      `several ways lead to ${modelId}, or one for any host: ${listed(toModel)}`,
      SET,
    );
  const kserve = inferenceServiceOf(manifests.resources, modelId);
  if (kserve !== undefined)
    return unknown(
      whereOf(kserve),
      'has no route in front of it among the manifests; KServe does not end TLS itself',
      'submit the HTTPRoute, VirtualService or Ingress in front of it too (kubectl get … -o yaml)',
    );
  return unknown(
    DEPLOYMENT,
    `no route leads to a Service of ${modelId}; there is ${listed(allDoors(manifests))}`,
    `label the Service countersign.dev/model: ${modelId}, or ${SET}`,
  );
}

function notServed(doors: readonly Door[], { host, path }: Endpoint, first: readonly Door[]): Finding {
  if (first.some((door) => door.redirectsToHttps !== true)) {
    const message = `serves ${host}${path} and leads to no Service`;
    return unknown(first[0]?.where ?? DEPLOYMENT, message, 'submit the route that leads to the model');
  }
  return unknown(
    DEPLOYMENT,
    `no route serves ${host}${path}; there is ${listed(doors)}`,
    'submit the route of the endpoint, or correct the parameter endpoint',
  );
}
