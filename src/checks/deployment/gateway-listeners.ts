import type { Door } from './door.ts';
import { type Finding, fails, unknown } from './finding.ts';
import { coversHost, hostsMeet } from './match.ts';
import { nameOf, type Reference, type Resource, same, whereOf } from './resource.ts';
import { at, listAt, selects, textAt, textMapAt } from './values.ts';

/** A listener of a Gateway to which a route attaches. */
export interface AttachedListener {
  readonly gateway: Resource;
  readonly name: string;
  readonly body: unknown;
}

/** The listeners that a route attaches to, and why it attaches to others not. */
export interface Attachment {
  readonly listeners: readonly AttachedListener[];
  readonly findings: readonly Finding[];
}

const API = 'gateway.networking.k8s.io';

/** Follows a route's parentRefs to the listeners that take it: by section, port, host name and allowed namespaces. */
export function attachment(
  route: Resource,
  door: Door,
  host: string,
  resources: readonly Resource[],
): Attachment {
  const parents = listAt(route.body, 'spec', 'parentRefs');
  if (parents.length === 0) {
    const finding = fails(
      whereOf(route),
      'attaches to no Gateway: it has no parentRefs',
      'name the Gateway and listener in parentRefs',
    );
    return { listeners: [], findings: [finding] };
  }
  const found = parents.map((parent) => followParent(route, parent, door, host, resources));
  return {
    listeners: found.flatMap(({ listeners }) => listeners),
    findings: found.flatMap(({ findings }) => findings),
  };
}

function followParent(
  route: Resource,
  parent: unknown,
  door: Door,
  host: string,
  resources: readonly Resource[],
): Attachment {
  const reference: Reference = {
    kind: textAt(parent, 'kind') ?? 'Gateway',
    namespace: textAt(parent, 'namespace') ?? route.namespace,
    name: textAt(parent, 'name') ?? '',
  };
  const gateway = resources.find((resource) => resource.group === API && same(resource, reference));
  if (reference.kind !== 'Gateway' || gateway === undefined) {
    const message = `has the parent ${nameOf(reference)}, which is not among the manifests`;
    return { listeners: [], findings: [unknown(whereOf(route), message, 'submit the Gateway too')] };
  }
  const named = namedListeners(gateway, parent).filter((listener) => meets(listener, door, host));
  const allowed = named.filter((listener) => allows(listener, gateway, route, resources));
  if (allowed.length === 0)
    return { listeners: [], findings: [unattached(route, parent, gateway, host, named.length > 0)] };
  return {
    listeners: allowed.map((body) => ({ gateway, name: textAt(body, 'name') ?? '', body })),
    findings: [],
  };
}

function namedListeners(gateway: Resource, parent: unknown): readonly unknown[] {
  const [section, port] = [textAt(parent, 'sectionName'), at(parent, 'port')];
  return listAt(gateway.body, 'spec', 'listeners').filter(
    (listener) =>
      (section === undefined || textAt(listener, 'name') === section) &&
      (port === undefined || at(listener, 'port') === port),
  );
}

function unattached(
  route: Resource,
  parent: unknown,
  gateway: Resource,
  host: string,
  named: boolean,
): Finding {
  const section = textAt(parent, 'sectionName');
  const why = named
    ? `their allowedRoutes do not take routes of the namespace ${route.namespace}`
    : `it has ${listeners(gateway)}`;
  const asked = section === undefined ? '' : ` section ${section}`;
  return fails(
    whereOf(route),
    `attaches to no listener of ${nameOf(gateway)}${asked} for ${host}: ${why}`,
    'name a listener for the host that takes routes of this namespace',
  );
}

function listeners(gateway: Resource): string {
  const all = listAt(gateway.body, 'spec', 'listeners').map(
    (listener) =>
      `${textAt(listener, 'name') ?? '?'} (${textAt(listener, 'protocol') ?? '?'}, ${textAt(listener, 'hostname') ?? '*'})`,
  );
  return all.join(', ') || 'no listeners';
}

function meets(listener: unknown, door: Door, host: string): boolean {
  const hostname = textAt(listener, 'hostname');
  return hostname === undefined || (hostsMeet(hostname, host) && coversHost(door.hosts, hostname));
}

function allows(
  listener: unknown,
  gateway: Resource,
  route: Resource,
  resources: readonly Resource[],
): boolean {
  const from = textAt(listener, 'allowedRoutes', 'namespaces', 'from') ?? 'Same';
  const kinds = listAt(listener, 'allowedRoutes', 'kinds');
  if (kinds.length > 0 && !kinds.some((kind) => textAt(kind, 'kind') === route.kind)) return false;
  if (from === 'All') return true;
  if (from === 'Same') return gateway.namespace === route.namespace;
  const namespace = resources.find(
    ({ group, kind, name }) => group === '' && kind === 'Namespace' && name === route.namespace,
  );
  const labels = { 'kubernetes.io/metadata.name': route.namespace, ...namespace?.labels };
  const selector = at(listener, 'allowedRoutes', 'namespaces', 'selector');
  return (
    listAt(selector, 'matchExpressions').length === 0 && selects(textMapAt(selector, 'matchLabels'), labels)
  );
}

/** Whether a ReferenceGrant in the namespace of `to` lets objects like `from` refer to it. */
export function granted(
  from: Reference & { readonly group: string },
  to: Reference,
  resources: readonly Resource[],
): boolean {
  if (from.namespace === to.namespace) return true;
  const grants = resources.filter(
    ({ kind, namespace }) => kind === 'ReferenceGrant' && namespace === to.namespace,
  );
  return grants.some(
    ({ body }) =>
      listAt(body, 'spec', 'from').some(
        (entry) =>
          textAt(entry, 'kind') === from.kind &&
          textAt(entry, 'namespace') === from.namespace &&
          (textAt(entry, 'group') ?? '') === from.group,
      ) &&
      listAt(body, 'spec', 'to').some(
        (entry) => textAt(entry, 'kind') === to.kind && [undefined, to.name].includes(textAt(entry, 'name')),
      ),
  );
}
