import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { SourceTools } from '../../src/inventory/index.ts';
import { authority, type Issued } from '../checks/support/certificates.ts';

/** An object of a cluster, as its API gives it. */
export type ClusterObject = Record<string, unknown> & {
  readonly metadata: { readonly name: string; readonly namespace: string } & Record<string, unknown>;
};

/** An API server that speaks as Kubernetes does of lists: pages, selectors, namespaces, refusals. */
export interface TestCluster extends AsyncDisposable {
  readonly url: string;
  readonly folder: string;
  readonly ca: string;
  /** A client certificate that it takes instead of a token. */
  readonly client: Issued;
  /** Objects by resource, such as `apps/v1/deployments`. A resource that is not there is unknown to it. */
  readonly objects: Map<string, ClusterObject[]>;
  /** Requests that were answered, as path and query. */
  readonly asked: string[];
  /** Items in a page at most. */
  pageSize: number;
  /** Answers nothing any more. */
  stop(): Promise<void>;
  /** Answers a request otherwise; false leaves it as it is. */
  disturb: (path: string, response: ServerResponse) => boolean;
}

export const TOKEN = 'eyJ-a-token-of-a-service-account';

/** Everything that a cluster with KServe, Seldon and nothing running knows. */
const KNOWN = [
  'serving.kserve.io/v1beta1/inferenceservices',
  'serving.kserve.io/v1alpha1/llminferenceservices',
  'serving.kserve.io/v1alpha1/llminferenceserviceconfigs',
  'mlops.seldon.io/v1alpha1/models',
  'machinelearning.seldon.io/v1/seldondeployments',
  'apps/v1/deployments',
  'apps/v1/statefulsets',
  'v1/pods',
] as const;

export async function startCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-cluster-'));
  const { ca, issue } = await authority(folder);
  const server = await issue('server');
  const client = await issue('client', { name: 'monitor' });
  await writeFile(join(folder, 'token'), `${TOKEN}\n`);
  const state: Pick<TestCluster, 'objects' | 'asked' | 'pageSize' | 'disturb'> = {
    objects: new Map(KNOWN.map((name) => [name, []])),
    asked: [],
    pageSize: 1000,
    disturb: () => false,
  };
  const options: ServerOptions = { ...server, ca, requestCert: true, rejectUnauthorized: false };
  const listener = createServer(options, (request, response) => answer(state, request, response));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = `https://localhost:${(listener.address() as AddressInfo).port}`;
  const stop = async () => {
    listener.closeAllConnections();
    listener.close();
  };
  return Object.assign(state, {
    ...{ url, folder, ca, client },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

/** Paths and secrets as they are named. */
export const TOOLS: SourceTools = {
  pathOf: (path) => path,
  secret: async (place) => ('env' in place ? place.env : place.file),
};

function answer(
  cluster: Pick<TestCluster, 'objects' | 'asked' | 'pageSize' | 'disturb'>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = new URL(request.url ?? '', 'https://cluster');
  cluster.asked.push(`${url.pathname}${url.search}`);
  if (cluster.disturb(`${url.pathname}${url.search}`, response)) return;
  const isKnown =
    (request.socket as TLSSocket).authorized || request.headers.authorization === `Bearer ${TOKEN}`;
  if (!isKnown) {
    status(response, 401, 'Unauthorized');
    return;
  }
  if (tellApis(cluster.objects, url.pathname, response)) return;
  const [, group = '', namespace = '', resource = ''] =
    /^\/apis?\/(.+?)(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(url.pathname) ?? [];
  const objects = cluster.objects.get(`${group}/${resource}`);
  if (objects === undefined) {
    status(response, 404, 'NotFound');
    return;
  }
  const selector = url.searchParams.get('labelSelector');
  const own = objects.filter(
    ({ metadata }) =>
      (namespace === '' || metadata.namespace === namespace) && matches(metadata['labels'], selector),
  );
  const from = Number(url.searchParams.get('continue') ?? 0);
  const size = Math.min(cluster.pageSize, Number(url.searchParams.get('limit')));
  const next = from + size < own.length ? { continue: String(from + size) } : {};
  json(response, 200, { metadata: { resourceVersion: '1', ...next }, items: own.slice(from, from + size) });
}

/** What it has, as it tells whoever asks for it: groups with their versions, and the resources of a version. */
function tellApis(objects: TestCluster['objects'], path: string, response: ServerResponse): boolean {
  const apis = [...objects.keys()].map((key) => key.split('/')).filter((parts) => parts.length === 3);
  if (path === '/apis') {
    const groups = [...Map.groupBy(apis, ([group]) => group)].map(([name, those]) => ({
      name,
      versions: [...new Set(those.map(([, version]) => version))].map((version) => ({ version })),
    }));
    json(response, 200, { kind: 'APIGroupList', apiVersion: 'v1', groups });
    return true;
  }
  const own = apis.filter(([group, version]) => path === `/apis/${group}/${version}`);
  if (own.length === 0) return false;
  const resources = own.map(([, , name]) => ({ name, namespaced: true, verbs: ['list'] }));
  json(response, 200, { kind: 'APIResourceList', apiVersion: 'v1', resources });
  return true;
}

function matches(labels: unknown, selector: string | null): boolean {
  const own = (labels ?? {}) as Record<string, string>;
  return (selector ?? '')
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const [key = '', value] = part.split('=');
      return value === undefined ? key in own : own[key] === value;
    });
}

function status(response: ServerResponse, code: number, reason: string): void {
  json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code });
}

export function json(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
