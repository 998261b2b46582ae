import { canonicalJson, sha256Hex } from '../../lib/index.ts';
import type { SeenDeployment } from '../contract.ts';
import { deploymentName, type Pod, type Workload } from './objects.ts';
import { partsOfPod, partsOfSpecification, readPart } from './part.ts';

/** What tells the revisions of a workload apart, from the labels of its pods. */
const REVISION_LABELS = [
  'serving.knative.dev/revision',
  'pod-template-hash',
  'controller-revision-hash',
] as const;

/** Which revisions of a workload matter, by name, where its status says so. */
export interface Revisions {
  /** The one that goes by the workload's name; that of the oldest pod where nobody says. */
  readonly main: string | null;
  /** The one of the newest specification; that of the newest pod where nobody says. */
  readonly newest: string | null;
  /** Those that get requests, whether a pod of theirs runs or not. */
  readonly routed: readonly string[];
}

/** The revision that a pod belongs to; empty where nothing says. */
function revisionOf({ labels }: Pod): string {
  return REVISION_LABELS.map((label) => labels[label]).find((name) => name !== undefined) ?? '';
}

/**
 * What the pods of a workload serve: by revision, as the specification shows only the newest while older ones get requests
 * still, and within a revision by what was really pulled, as one pod may serve other bytes than its like.
 */
export function observePods(
  workload: Workload,
  pods: readonly Pod[],
  { main, newest, routed }: Revisions,
): SeenDeployment[] {
  const serving = pods
    .filter(({ isServing }) => isServing)
    .sort((a, b) => compare(a.creationTimestamp, b.creationTimestamp) || compare(a.name, b.name));
  const revisions = Map.groupBy(serving, revisionOf);
  const newestName = newest ?? revisionOf(serving.at(-1) ?? NO_POD);
  const mainName = main !== null && revisions.has(main) ? main : ([...revisions.keys()][0] ?? newestName);
  const seen = [...revisions].flatMap(([revision, those]) =>
    observeRevision(workload, those, {
      end: revision === mainName ? '' : `/${revision}`,
      isNewest: revision === newestName,
    }),
  );
  const idle = routed.filter((revision) => revision !== newestName && !revisions.has(revision));
  return [
    ...seen,
    ...(seen.length === 0 ? observeSpecification(workload, 0) : []),
    ...idle.map((revision) => unseenRevision(workload, revision)),
  ];
}

const NO_POD: Pod = Object.freeze({
  ...{ name: '', namespace: '', annotations: {}, labels: {}, creationTimestamp: '', ownerReferences: [] },
  ...{ isServing: false, containers: [] },
});

function observeRevision(
  workload: Workload,
  pods: readonly Pod[],
  { end, isNewest }: { readonly end: string; readonly isNewest: boolean },
): SeenDeployment[] {
  const parts = pods.flatMap((pod) => {
    const annotations = isNewest ? { ...workload.annotations, ...pod.annotations } : pod.annotations;
    const seen = { ...pod, annotations };
    return partsOfPod(seen, urisOf(workload, pod, isNewest)).map((part) => ({
      part: part.end,
      ...readPart(part, annotations, workload),
    }));
  });
  return [...Map.groupBy(parts, ({ part }) => part)].flatMap(([part, those]) => {
    const alike = Map.groupBy(those, ({ modelId, modelVersion, digest }) =>
      canonicalJson([modelId, modelVersion, digest]),
    );
    return [...alike].map(([served, [first, ...rest]], index) => {
      const { part: _part, ...seen } = first as (typeof those)[number];
      const other = index === 0 ? '' : `~${sha256Hex(served).slice(0, 12)}`;
      const deployment = `${deploymentName(workload)}${part.replace('-', '+')}${end}${other}`;
      return { deployment, environment: workload.environment, ...seen, replicas: rest.length + 1 };
    });
  });
}

const SOURCE_URI = 'internal.serving.kserve.io/storage-initializer-sourceuri';

/** An older revision's models are known from its pods alone. */
function urisOf({ uris }: Workload, { annotations }: Pod, isNewest: boolean): readonly string[] {
  if (isNewest) return uris;
  const uri = annotations[SOURCE_URI];
  return uri === undefined ? [] : [uri];
}

/** What the newest specification says, where no pod tells. */
export function observeSpecification(workload: Workload, replicas: number): SeenDeployment[] {
  return partsOfSpecification(workload.uris).map((part) => ({
    deployment: `${deploymentName(workload)}${part.end.replace('-', '+')}`,
    environment: workload.environment,
    ...readPart(part, workload.annotations, workload),
    replicas,
  }));
}

function unseenRevision(workload: Workload, revision: string): SeenDeployment {
  const { modelId, modelVersion } = readPart({ end: '', uri: null, imageId: null }, {}, workload);
  return {
    deployment: `${deploymentName(workload)}/${revision}`,
    environment: workload.environment,
    ...{ modelId, modelVersion, digest: null, confidence: 'unknown', replicas: 0 },
    how: 'an older revision that gets requests and has no pod at the moment',
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
