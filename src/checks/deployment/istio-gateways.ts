import { type Finding, unknown } from './finding.ts';
import { nameOf, type Resource, whereOf } from './resource.ts';
import { listAt, textsAt } from './values.ts';

/** Where a VirtualService is in force. */
export interface IstioGateways {
  readonly gateways: readonly Resource[];
  /** Whether sidecars use it, as they do when it names no gateway or `mesh`. */
  readonly mesh: boolean;
  readonly findings: readonly Finding[];
}

/** Follows a VirtualService to its Gateways, those that single matches name included. */
export function gatewaysOf(service: Resource, resources: readonly Resource[]): IstioGateways {
  const rules = listAt(service.body, 'spec', 'http').flatMap((rule) => listAt(rule, 'match'));
  const names = [
    ...new Set([
      ...textsAt(service.body, 'spec', 'gateways'),
      ...rules.flatMap((match) => textsAt(match, 'gateways')),
    ]),
  ];
  const references = names
    .filter((name) => name !== 'mesh')
    .map((name) => {
      const [first = '', second] = name.split('/');
      return {
        kind: 'Gateway',
        namespace: second === undefined ? service.namespace : first,
        name: second ?? first,
      };
    });
  const found = references.map((reference) => ({
    reference,
    gateway: resources.find(
      ({ group, kind, namespace, name }) =>
        group === 'networking.istio.io' &&
        kind === 'Gateway' &&
        namespace === reference.namespace &&
        name === reference.name,
    ),
  }));
  return {
    gateways: found.flatMap(({ gateway }) => gateway ?? []),
    mesh: names.length === 0 || (names.includes('mesh') && names.length === 1),
    findings: found
      .filter(({ gateway }) => gateway === undefined)
      .map(({ reference }) =>
        unknown(
          whereOf(service),
          `uses the ${nameOf(reference)}, which is not among the manifests`,
          'submit the Gateway too',
        ),
      ),
  };
}
