import { secretNameProblems } from '../certificate-name.ts';
import type { Door } from '../door.ts';
import { type Finding, fails, holds, unknown } from '../finding.ts';
import { type Resource, whereOf } from '../resource.ts';
import { middlewaresOf } from '../traefik-middlewares.ts';
import { at, textAt } from '../values.ts';
import type { TlsContext } from './context.ts';

/** TLS of an IngressRoute: its tls section makes the router take TLS only; without it a redirect to https is allowed. */
export function traefikTls(door: Door, { manifests }: TlsContext): Finding[] {
  if (door.frame.platform !== 'traefik') return [];
  const { resource: route, rule } = door.frame;
  const where = whereOf(route);
  if (at(route.body, 'spec', 'tls') !== undefined && at(route.body, 'spec', 'tls') !== null)
    return [...certificate(route), ...versions(route, manifests.resources)];
  if (redirects(door, manifests.resources)) return [];
  return [
    ...middlewaresOf(route, rule, manifests.resources).findings,
    fails(
      where,
      'is served without TLS: spec.tls is missing',
      'set spec.tls with secretName or certResolver, or redirect to https',
    ),
  ];
}

/** Whether a rule of an IngressRoute redirects to https by a Middleware. */
export function redirects(door: Door, resources: readonly Resource[]): boolean {
  if (door.frame.platform !== 'traefik') return false;
  const { middlewares } = middlewaresOf(door.frame.resource, door.frame.rule, resources);
  return middlewares.some(({ body }) => textAt(body, 'spec', 'redirectScheme', 'scheme') === 'https');
}

function certificate(route: Resource): Finding[] {
  const secret = textAt(route.body, 'spec', 'tls', 'secretName');
  const name = secret ?? textAt(route.body, 'spec', 'tls', 'certResolver');
  const unnamed =
    secret === undefined ? [] : secretNameProblems(whereOf(route), 'spec.tls.secretName', secret);
  if (unnamed.length > 0) return unnamed;
  if (name !== undefined) return [holds(whereOf(route), `terminates TLS with ${name}`)];
  return [
    fails(
      whereOf(route),
      'terminates TLS without secretName or certResolver: Traefik answers with a self-made certificate',
      'set spec.tls.secretName',
    ),
  ];
}

function versions(route: Resource, resources: readonly Resource[]): Finding[] {
  const name = textAt(route.body, 'spec', 'tls', 'options', 'name');
  if (name === undefined) return [];
  const namespace = textAt(route.body, 'spec', 'tls', 'options', 'namespace') ?? route.namespace;
  const options = resources.find(
    (resource) => resource.kind === 'TLSOption' && resource.name === name && resource.namespace === namespace,
  );
  if (options === undefined)
    return [
      unknown(
        whereOf(route),
        `uses the TLSOption ${namespace}/${name}, which is not among the manifests`,
        'submit it too',
      ),
    ];
  const version = textAt(options.body, 'spec', 'minVersion') ?? 'VersionTLS12';
  return ['VersionTLS12', 'VersionTLS13'].includes(version)
    ? []
    : [fails(whereOf(options), `minVersion is ${version}`, 'set VersionTLS12 or VersionTLS13')];
}
