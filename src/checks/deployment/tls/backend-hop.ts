import type { Backend, Door } from '../door.ts';
import { serviceOf } from '../doors/istio.ts';
import { type Finding, fails, holds, warns } from '../finding.ts';
import { podLabels, workloadsBehind } from '../model-services.ts';
import { isFor } from '../policy.ts';
import { nameOf, type Resource, whereOf } from '../resource.ts';
import { at, listAt, objectsIn, textAt } from '../values.ts';
import type { TlsContext } from './context.ts';
import { peerAuthentication } from './mesh.ts';

/** The hop from the proxy to the model: a warning where it is not encrypted, a failure where the policy demands it. */
export function backendHop(door: Door, { manifests, requireBackendTls }: TlsContext): Finding[] {
  return door.backends.flatMap((backend) => {
    const found = hopFindings(door, backend, manifests.resources);
    if (found.some(({ level }) => level === 'holds' || level === 'fails'))
      return found.filter(({ level }) => level !== 'holds');
    const [first] = found;
    if (!requireBackendTls) return found;
    return [
      fails(
        first?.where ?? door.where,
        first?.message ?? '',
        'encrypt the hop, or set require_backend_tls: false',
      ),
    ];
  });
}

function hopFindings(door: Door, backend: Backend, resources: readonly Resource[]): Finding[] {
  const where = door.where;
  const rules = destinationRules(backend, resources);
  const disabled = rules.find(({ modes }) => modes.includes('DISABLE'));
  if (disabled !== undefined)
    return [
      fails(
        whereOf(disabled.rule),
        `turns TLS to ${nameOf(backend)} off (tls.mode DISABLE)`,
        'remove it, or set ISTIO_MUTUAL',
      ),
    ];
  if (backend.tls === true || rules.some(({ modes }) => modes.length > 0) || annotated(door))
    return [holds(where, 'the proxy speaks TLS to the backend')];
  const policy = resources.find(
    (resource) => resource.kind === 'BackendTLSPolicy' && isFor(resource, backend, resources),
  );
  if (policy !== undefined) return [backendPolicy(policy)];
  const workload = workloadsBehind(resources, backend)[0];
  const mesh = peerAuthentication(
    backend.namespace || (workload?.namespace ?? ''),
    workload === undefined ? {} : podLabels(workload),
    resources,
  );
  if (mesh.mode === 'STRICT') return [holds(where, 'the mesh takes mutual TLS only')];
  if (mesh.mode === 'DISABLE')
    return [fails(mesh.where ?? where, 'turns mutual TLS off (DISABLE)', 'set mtls.mode: STRICT')];
  if (mesh.mode !== undefined)
    return [
      warns(
        mesh.where ?? where,
        `mtls.mode is ${mesh.mode}: ${nameOf(backend)} takes plain connections too`,
        'set STRICT',
      ),
    ];
  return [
    warns(
      where,
      `the hop to ${nameOf(backend)} is not shown to be encrypted`,
      'add a BackendTLSPolicy, or mutual TLS of a mesh',
    ),
  ];
}

function backendPolicy(policy: Resource): Finding {
  const validation = at(policy.body, 'spec', 'validation');
  const trusts =
    listAt(validation, 'caCertificateRefs').length > 0 ||
    textAt(validation, 'wellKnownCACertificates') !== undefined;
  if (trusts && textAt(validation, 'hostname') !== undefined)
    return holds(whereOf(policy), 'checks the certificate of the backend');
  return fails(
    whereOf(policy),
    'does not say whom it trusts (validation.hostname and caCertificateRefs or wellKnownCACertificates)',
    'set validation.hostname, and caCertificateRefs or wellKnownCACertificates: System',
  );
}

function destinationRules(backend: Backend, resources: readonly Resource[]) {
  return resources
    .filter(({ kind, body, namespace }) => {
      if (kind !== 'DestinationRule') return false;
      const service = serviceOf(textAt(body, 'spec', 'host') ?? '', namespace);
      return service.name === backend.name && [service.namespace, ''].includes(backend.namespace);
    })
    .map((rule) => ({
      rule,
      modes: [...objectsIn(at(rule.body, 'spec'))].flatMap((object) => textAt(object, 'tls', 'mode') ?? []),
    }));
}

function annotated(door: Door): boolean {
  if (door.frame.platform !== 'ingress') return false;
  const protocol = door.frame.resource.annotations['nginx.ingress.kubernetes.io/backend-protocol'];
  return protocol === 'HTTPS' || protocol === 'GRPCS';
}
