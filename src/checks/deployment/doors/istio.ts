import type { Backend, Door } from '../door.ts';
import { type Finding, unknown } from '../finding.ts';
import { ANY_PATH, type PathMatch } from '../match.ts';
import { nameOf, type Resource, whereOf } from '../resource.ts';
import { at, entriesAt, listAt, textAt, textsAt } from '../values.ts';

/** The doors of a VirtualService: one for each match of each HTTP route. */
export function virtualServiceDoors(service: Resource): Door[] {
  const http = listAt(service.body, 'spec', 'http').flatMap((rule) => {
    const matches = listAt(rule, 'match');
    return (matches.length === 0 ? [undefined] : matches).map((match) => doorOf(service, rule, match));
  });
  const other = ['tls', 'tcp'].flatMap((kind) =>
    listAt(service.body, 'spec', kind).map((rule) => opaqueDoor(service, rule, kind)),
  );
  return [...http, ...other];
}

function doorOf(service: Resource, rule: unknown, match: unknown): Door {
  return {
    ...common(service, rule),
    path: pathOf(match),
    narrowed: entriesAt(match).some(([key]) => !['uri', 'name', 'gateways', 'ignoreUriCase'].includes(key)),
    redirectsToHttps: textAt(rule, 'redirect', 'scheme') === 'https',
    findings: delegated(service, rule),
  };
}

/** TLS that ends behind the proxy, or a plain stream: what happens to it stands in no manifest. */
function opaqueDoor(service: Resource, rule: unknown, kind: string): Door {
  const message = `routes ${kind} streams, which manifests do not say enough about`;
  return {
    ...common(service, rule),
    path: ANY_PATH,
    findings: [unknown(whereOf(service), message, 'route HTTP behind a gateway that terminates TLS')],
  };
}

function common(
  service: Resource,
  rule: unknown,
): Pick<Door, 'platform' | 'frame' | 'name' | 'where' | 'hosts' | 'backends'> {
  return {
    platform: 'istio',
    frame: { platform: 'istio', resource: service, rule },
    name: nameOf(service),
    where: whereOf(service),
    hosts: textsAt(service.body, 'spec', 'hosts'),
    backends: listAt(rule, 'route').map((route) => backendOf(service, at(route, 'destination'))),
  };
}

function delegated(service: Resource, rule: unknown): Finding[] {
  if (at(rule, 'delegate') === undefined) return [];
  return [
    unknown(
      whereOf(service),
      'delegates to another VirtualService, which is not followed',
      'write the route out where the host is',
    ),
  ];
}

function backendOf(service: Resource, destination: unknown): Backend {
  const port = at(destination, 'port', 'number');
  return {
    ...serviceOf(textAt(destination, 'host') ?? '', service.namespace),
    ...(typeof port === 'number' ? { port } : {}),
  };
}

/** The Service that a host name of the mesh means: `name`, `name.namespace` or `name.namespace.svc.cluster.local`. */
export function serviceOf(host: string, namespace: string): Backend {
  const [name = '', second, third] = host.split('.');
  if (second === undefined) return { kind: 'Service', namespace, name };
  if (third === undefined || third === 'svc') return { kind: 'Service', namespace: second, name };
  return { kind: 'ServiceEntry', namespace, name: host };
}

function pathOf(match: unknown): PathMatch {
  const uri = at(match, 'uri');
  if (uri === undefined) return ANY_PATH;
  const exact = textAt(uri, 'exact');
  if (exact !== undefined) return { type: 'exact', value: exact };
  const prefix = textAt(uri, 'prefix');
  return prefix === undefined
    ? { type: 'opaque', value: textAt(uri, 'regex') ?? '' }
    : { type: 'characters', value: prefix };
}
