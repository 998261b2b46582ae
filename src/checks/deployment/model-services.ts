import type { Backend } from './door.ts';
import type { Reference, Resource } from './resource.ts';
import { at, selects, textMapAt } from './values.ts';

/** Labels and annotations by which an object says that it serves a model. */
const MODEL_KEYS: readonly string[] = [
  'countersign.dev/model',
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app',
  'model',
];

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'InferenceService', 'Rollout'];
/** The Services that KServe makes for an InferenceService are named after it. */
const KSERVE_SUFFIXES = ['', '-predictor', '-transformer', '-predictor-default', '-transformer-default'];

/** The Services behind which a model runs: named or labelled as it is, or selecting pods that are. */
export function modelServices(resources: readonly Resource[], modelId: string): Reference[] {
  const workloads = modelWorkloads(resources, modelId);
  const services = resources.filter(
    (resource) =>
      resource.kind === 'Service' &&
      resource.group === '' &&
      (isOf(resource, modelId) || workloads.some((workload) => serves(resource, workload))),
  );
  const ofKserve = workloads
    .filter(({ kind }) => kind === 'InferenceService')
    .flatMap(({ namespace, name }) =>
      KSERVE_SUFFIXES.map((suffix) => ({ kind: 'Service', namespace, name: `${name}${suffix}` })),
    );
  return [...services.map(({ kind, namespace, name }) => ({ kind, namespace, name })), ...ofKserve];
}

/** The workloads named or labelled as the model is. */
export function modelWorkloads(resources: readonly Resource[], modelId: string): Resource[] {
  return resources.filter((resource) => WORKLOADS.includes(resource.kind) && isOf(resource, modelId));
}

/** The labels of a workload's pods. */
export function podLabels(workload: Resource): Readonly<Record<string, string>> {
  return textMapAt(workload.body, 'spec', 'template', 'metadata', 'labels');
}

/** Whether a Service selects the pods of a workload. */
function serves(service: Resource, workload: Resource): boolean {
  return (
    service.namespace === workload.namespace &&
    selects(textMapAt(service.body, 'spec', 'selector'), podLabels(workload))
  );
}

/** The workloads behind a backend. */
export function workloadsBehind(resources: readonly Resource[], backend: Backend): Resource[] {
  const service = resources.find((resource) => isBackend(backend, resource) && resource.kind === 'Service');
  return resources.filter((resource) => {
    if (!WORKLOADS.includes(resource.kind)) return false;
    if (resource.kind === 'InferenceService')
      return KSERVE_SUFFIXES.some((suffix) =>
        isBackend(backend, { ...resource, kind: 'Service', name: `${resource.name}${suffix}` }),
      );
    return service !== undefined && at(service.body, 'spec') !== undefined && serves(service, resource);
  });
}

/** Whether a backend means an object; proxies outside of Kubernetes may name a Service without its namespace. */
export function isBackend(backend: Backend, reference: Reference): boolean {
  return (
    backend.kind === reference.kind &&
    backend.name === reference.name &&
    (backend.namespace === '' || backend.namespace === reference.namespace)
  );
}

function isOf(resource: Resource, modelId: string): boolean {
  const maps = [resource.labels, resource.annotations, podLabels(resource)];
  return (
    resource.name === modelId ||
    maps.some((map) => MODEL_KEYS.some((key) => Object.hasOwn(map, key) && map[key] === modelId))
  );
}
