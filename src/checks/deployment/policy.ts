import { type Finding, fails, unknown } from './finding.ts';
import { nameOf, type Reference, type Resource, whereOf } from './resource.ts';
import { at, listAt, selects, textAt, textMapAt } from './values.ts';

/** What a policy says that it is for: an object in its own namespace, or one section (listener, rule) of it. */
export interface PolicyTarget extends Reference {
  readonly section: string | undefined;
}

/** The targets that a policy names, those that its selectors find among the resources included. */
export function targetsOf(policy: Resource, resources: readonly Resource[]): PolicyTarget[] {
  const spec = at(policy.body, 'spec');
  const single = at(spec, 'targetRef');
  const named = [...(single === undefined ? [] : [single]), ...listAt(spec, 'targetRefs')].map((ref) => ({
    kind: textAt(ref, 'kind') ?? '',
    namespace: textAt(ref, 'namespace') ?? policy.namespace,
    name: textAt(ref, 'name') ?? '',
    section: textAt(ref, 'sectionName'),
  }));
  const selected = listAt(spec, 'targetSelectors').flatMap((selector) =>
    resources
      .filter(
        ({ kind, namespace, labels }) =>
          kind === textAt(selector, 'kind') &&
          namespace === policy.namespace &&
          selects(textMapAt(selector, 'matchLabels'), labels),
      )
      .map(({ kind, namespace, name }) => ({ kind, namespace, name, section: undefined })),
  );
  return [...named, ...selected];
}

/** Whether a policy is for an object as a whole, or for the named section of it. */
export function isFor(
  policy: Resource,
  target: Reference,
  resources: readonly Resource[],
  section?: string,
): boolean {
  return targetsOf(policy, resources).some(
    (ref) =>
      ref.kind === target.kind &&
      ref.namespace === target.namespace &&
      ref.name === target.name &&
      (ref.section === undefined || section === undefined || ref.section === section),
  );
}

/** A policy of these kinds whose target is not there guards nothing: a name misspelt, or the wrong namespace. */
export function danglingPolicies(resources: readonly Resource[], kinds: readonly string[]): Finding[] {
  return resources
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap((policy) => {
      const targets = targetsOf(policy, resources);
      const lost = targets.filter((target) => !resources.some((resource) => isThat(resource, target)));
      if (targets.length > 0 && lost.length === 0) return [];
      const wanted = lost.map(nameOf).join(', ') || 'no object';
      const there = existing(
        resources,
        lost.map(({ kind }) => kind),
      );
      return [
        fails(
          whereOf(policy),
          `attaches to nothing: it targets ${wanted}; there is ${there}`,
          'name an object of the same namespace as the policy',
        ),
      ];
    });
}

function isThat(resource: Resource, { kind, namespace, name }: Reference): boolean {
  return resource.kind === kind && resource.namespace === namespace && resource.name === name;
}

function existing(resources: readonly Resource[], kinds: readonly string[]): string {
  const wanted = kinds.length === 0 ? ['HTTPRoute', 'GRPCRoute', 'Gateway'] : kinds;
  const names = resources.filter(({ kind }) => wanted.includes(kind)).map(nameOf);
  return names.slice(0, 10).join(', ') || `no ${[...new Set(wanted)].join(' or ')}`;
}

/** Policies that are read by a check, or that change neither encryption nor limits nor validation. */
const KNOWN_POLICIES = [
  'BackendTrafficPolicy',
  'ClientTrafficPolicy',
  'SecurityPolicy',
  'EnvoyExtensionPolicy',
  'BackendTLSPolicy',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'PeerAuthentication',
  'Telemetry',
  'WasmPlugin',
  'HealthCheckPolicy',
  'GCPBackendPolicy',
  'KongUpstreamPolicy',
  'VerticalPodAutoscaler',
];

/** Objects of kinds that we do not know and that target something on the way to the model. */
export function strangers(resources: readonly Resource[], onTheWay: readonly Reference[]): Finding[] {
  return resources
    .filter(({ kind }) => !KNOWN_POLICIES.includes(kind))
    .filter((policy) => onTheWay.some((target) => isFor(policy, target, resources)))
    .map((policy) =>
      unknown(
        whereOf(policy),
        `is of a kind that is not known and acts on ${targetsOf(policy, resources).map(nameOf).join(', ')}`,
        'what it does cannot be judged; leave it out only if it is not applied',
      ),
    );
}
