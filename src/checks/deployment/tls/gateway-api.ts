import { secretNameProblems } from '../certificate-name.ts';
import type { Door } from '../door.ts';
import { type Finding, fails, holds, unknown, warns } from '../finding.ts';
import { type AttachedListener, attachment, granted } from '../gateway-listeners.ts';
import { isFor } from '../policy.ts';
import { nameOf, type Resource, whereOf } from '../resource.ts';
import { listAt, textAt } from '../values.ts';
import type { TlsContext } from './context.ts';

/** TLS of an HTTPRoute or GRPCRoute: every listener that takes it terminates TLS, or answers with a redirect to https. */
export function gatewayTls(door: Door, { manifests, endpoint }: TlsContext): Finding[] {
  if (door.frame.platform !== 'gateway_api') return [];
  const { resources } = manifests;
  const { resource: route } = door.frame;
  const { listeners, findings } = attachment(route, door, endpoint.host, resources);
  return [
    ...findings,
    ...backendGrants(door, route, resources),
    ...listeners.flatMap((listener) => listenerTls(door, listener, resources)),
  ];
}

function listenerTls(door: Door, listener: AttachedListener, resources: readonly Resource[]): Finding[] {
  const where = `${whereOf(listener.gateway)} listener ${listener.name}`;
  switch (textAt(listener.body, 'protocol')) {
    case 'HTTPS':
      return [...termination(where, listener, resources), ...minimumVersion(where, listener, resources)];
    case 'HTTP':
      return door.redirectsToHttps
        ? []
        : [
            fails(
              where,
              `takes ${door.name} over plain HTTP`,
              'attach the route to the HTTPS listener only (sectionName); let the HTTP listener carry a RequestRedirect to https',
            ),
          ];
    default:
      return [
        unknown(
          where,
          `has the protocol ${textAt(listener.body, 'protocol') ?? '(none)'}, whose TLS ends elsewhere`,
          'attach the route to a listener with protocol HTTPS',
        ),
      ];
  }
}

function termination(
  where: string,
  { gateway, body }: AttachedListener,
  resources: readonly Resource[],
): Finding[] {
  const mode = textAt(body, 'tls', 'mode') ?? 'Terminate';
  if (mode !== 'Terminate')
    return [
      unknown(
        where,
        `tls.mode is ${mode}: TLS ends in the backend, which manifests do not show`,
        'set tls.mode: Terminate, or have the operator probe the endpoint',
      ),
    ];
  const references = listAt(body, 'tls', 'certificateRefs');
  if (references.length === 0)
    return [
      fails(
        where,
        'terminates TLS without a certificate (tls.certificateRefs)',
        'name the Secret with the certificate',
      ),
    ];
  const unnamed = references.flatMap((reference, index) =>
    secretNameProblems(where, `tls.certificateRefs[${index}].name`, textAt(reference, 'name')),
  );
  if (unnamed.length > 0) return unnamed;
  const secrets = references.map((ref) => ({
    kind: textAt(ref, 'kind') ?? 'Secret',
    namespace: textAt(ref, 'namespace') ?? gateway.namespace,
    name: textAt(ref, 'name') ?? '',
  }));
  const refused = secrets.filter((secret) => !granted(gateway, secret, resources));
  if (refused.length === 0) return [holds(where, `terminates TLS with ${secrets.map(nameOf).join(', ')}`)];
  return refused.map((secret) =>
    fails(
      where,
      `uses ${nameOf(secret)} of another namespace, and no ReferenceGrant there allows it`,
      `add a ReferenceGrant in ${secret.namespace}, or move the Secret to ${gateway.namespace}`,
    ),
  );
}

/** Envoy Gateway's ClientTrafficPolicy: one for the listener overrules one for the Gateway. */
function minimumVersion(
  where: string,
  { gateway, name }: AttachedListener,
  resources: readonly Resource[],
): Finding[] {
  const policies = resources.filter(
    (policy) => policy.kind === 'ClientTrafficPolicy' && isFor(policy, gateway, resources, name),
  );
  const versions = policies.map((policy) => ({
    policy,
    version: textAt(policy.body, 'spec', 'tls', 'minVersion') ?? 'Auto',
  }));
  const weak = versions.filter(({ version }) => ['1.0', '1.1'].includes(version));
  if (weak.length > 0)
    return weak.map(({ policy, version }) =>
      fails(whereOf(policy), `tls.minVersion is ${version}`, 'set "1.2" or "1.3"'),
    );
  const odd = versions.filter(({ version }) => !['Auto', '1.2', '1.3'].includes(version));
  if (odd.length > 0)
    return odd.map(({ policy, version }) =>
      unknown(whereOf(policy), `tls.minVersion ${version} is not known`, 'set "1.2" or "1.3"'),
    );
  if (versions.length > 0) return [];
  return [
    warns(
      where,
      'no ClientTrafficPolicy states a minimum TLS version; that of the implementation holds',
      'set spec.tls.minVersion: "1.2" where Envoy Gateway is used',
    ),
  ];
}

/** A backend in another namespace is reached only with a ReferenceGrant there. */
function backendGrants(door: Door, route: Resource, resources: readonly Resource[]): Finding[] {
  return door.backends
    .filter((backend) => !granted(route, backend, resources))
    .map((backend) =>
      fails(
        whereOf(route),
        `leads to ${nameOf(backend)} of another namespace, and no ReferenceGrant there allows it`,
        `add a ReferenceGrant in ${backend.namespace}`,
      ),
    );
}
