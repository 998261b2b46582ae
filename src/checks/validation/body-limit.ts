import type { Door } from '../deployment/door.ts';
import { directives } from '../deployment/doors/nginx.ts';
import { type Finding, fails, holds } from '../deployment/finding.ts';
import { attachment } from '../deployment/gateway-listeners.ts';
import { ingressClass } from '../deployment/ingress-class.ts';
import { kongPlugins } from '../deployment/kong-plugins.ts';
import { isFor } from '../deployment/policy.ts';
import type { Resource } from '../deployment/resource.ts';
import { whereOf } from '../deployment/resource.ts';
import type { Endpoint } from '../deployment/serving.ts';
import { middlewaresOf } from '../deployment/traefik-middlewares.ts';
import { at, numberAt, textAt } from '../deployment/values.ts';
import { bytesOf } from './size.ts';

interface BodyLimit {
  readonly where: string;
  readonly bytes: number;
}

/** Nginx refuses bodies of more than 1 MiB unless told otherwise. */
const NGINX_DEFAULT = 1024 * 1024;
const INGRESS_NGINX = 'nginx.ingress.kubernetes.io/proxy-body-size';

/** Whether the proxy of a door refuses large bodies. */
export function bodyLimit(
  door: Door,
  endpoint: Endpoint,
  resources: readonly Resource[],
  maximum: number,
): Finding[] {
  const limits = limitsOf(door, endpoint, resources);
  const [best] = [...limits].sort((a, b) => a.bytes - b.bytes);
  if (best === undefined) return [];
  if (best.bytes === 0 || best.bytes > maximum)
    return [
      fails(
        best.where,
        `takes bodies of ${best.bytes === 0 ? 'any size' : `${best.bytes} bytes`}; at most ${maximum} are allowed`,
        'lower the limit',
      ),
    ];
  return [holds(best.where, `refuses bodies of more than ${best.bytes} bytes`)];
}

function limitsOf(door: Door, endpoint: Endpoint, resources: readonly Resource[]): BodyLimit[] {
  const { frame } = door;
  switch (frame.platform) {
    case 'nginx': {
      const set = [frame.location, frame.server, frame.http]
        .map((block) => directives(block, 'client_max_body_size')[0])
        .find((found) => found !== undefined);
      const bytes = set === undefined ? NGINX_DEFAULT : bytesOf(set.args[0]);
      return bytes === undefined ? [] : [{ where: door.where, bytes }];
    }
    case 'ingress': {
      const bytes =
        ingressClass(frame.resource) === 'nginx'
          ? bytesOf(frame.resource.annotations[INGRESS_NGINX] ?? NGINX_DEFAULT)
          : undefined;
      return [...(bytes === undefined ? [] : [{ where: door.where, bytes }]), ...ofKong(door, resources)];
    }
    case 'traefik':
      return middlewaresOf(frame.resource, frame.rule, resources).middlewares.flatMap((middleware) => {
        const bytes = numberAt(middleware.body, 'spec', 'buffering', 'maxRequestBodyBytes');
        return bytes === undefined ? [] : [{ where: whereOf(middleware), bytes }];
      });
    case 'gateway_api':
      return [...ofEnvoyGateway(frame.resource, door, endpoint, resources), ...ofKong(door, resources)];
    case 'kong':
      return ofKong(door, resources);
    default:
      return [];
  }
}

/** Kong counts in megabytes, 128 unless told otherwise. */
function ofKong(door: Door, resources: readonly Resource[]): BodyLimit[] {
  const factors: Readonly<Record<string, number>> = { megabytes: 1024 * 1024, kilobytes: 1024, bytes: 1 };
  return kongPlugins(door, ['request-size-limiting'], resources).plugins.map(({ where, config }) => ({
    where,
    bytes:
      (numberAt(config, 'allowed_payload_size') ?? 128) *
      (factors[textAt(config, 'size_unit') ?? 'megabytes'] ?? 1),
  }));
}

/** Envoy Gateway refuses with 413 what its request buffer or the body for an external authorizer does not hold. */
function ofEnvoyGateway(
  route: Resource,
  door: Door,
  { host }: Endpoint,
  resources: readonly Resource[],
): BodyLimit[] {
  const gateways = attachment(route, door, host, resources).listeners.map(({ gateway }) => gateway);
  const attached = resources.filter((policy) =>
    [route, ...gateways].some((target) => isFor(policy, target, resources)),
  );
  return attached.flatMap((policy) => {
    const given =
      policy.kind === 'BackendTrafficPolicy'
        ? at(policy.body, 'spec', 'requestBuffer', 'limit')
        : at(policy.body, 'spec', 'extAuth', 'bodyToExtAuth', 'maxRequestBytes');
    const bytes = given === undefined ? undefined : bytesOf(given);
    return bytes === undefined ? [] : [{ where: whereOf(policy), bytes }];
  });
}
