import type { Backend, Door } from '../door.ts';
import { ANY_PATH, type PathMatch } from '../match.ts';
import { nameOf, type Resource, whereOf } from '../resource.ts';
import { at, listAt, textAt } from '../values.ts';

/** The doors of an Ingress: one for each path of each rule, and one for its default backend. */
export function ingressDoors(ingress: Resource): Door[] {
  const rules = listAt(ingress.body, 'spec', 'rules').flatMap((rule) => {
    const host = textAt(rule, 'host');
    return listAt(rule, 'http', 'paths').map((path) =>
      doorOf(ingress, host === undefined ? [] : [host], pathOf(path), at(path, 'backend')),
    );
  });
  const fallback = at(ingress.body, 'spec', 'defaultBackend');
  return fallback === undefined ? rules : [...rules, doorOf(ingress, [], ANY_PATH, fallback)];
}

function doorOf(ingress: Resource, hosts: readonly string[], path: PathMatch, backend: unknown): Door {
  return {
    platform: 'ingress',
    frame: { platform: 'ingress', resource: ingress, rule: backend },
    name: nameOf(ingress),
    where: whereOf(ingress),
    hosts,
    path,
    backends: [backendOf(ingress, backend)],
  };
}

function backendOf({ namespace }: Resource, backend: unknown): Backend {
  const service = textAt(backend, 'service', 'name');
  const port = at(backend, 'service', 'port', 'number') ?? at(backend, 'service', 'port', 'name');
  if (service === undefined)
    return {
      kind: textAt(backend, 'resource', 'kind') ?? 'nothing',
      namespace,
      name: textAt(backend, 'resource', 'name') ?? '',
    };
  return { kind: 'Service', namespace, name: service, ...(isPort(port) ? { port } : {}) };
}

function isPort(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}

function pathOf(path: unknown): PathMatch {
  const value = textAt(path, 'path') ?? '/';
  switch (textAt(path, 'pathType')) {
    case 'Exact':
      return { type: 'exact', value };
    case 'Prefix':
      return { type: 'prefix', value };
    default:
      // What the controller makes of it; ingress-nginx reads anything but plain characters as a regular expression.
      return { type: /^[\w\-./:~]*$/.test(value) ? 'characters' : 'opaque', value };
  }
}
