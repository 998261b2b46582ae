import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { createSources, type InventorySource } from '../../src/inventory/index.ts';
import { describeWithPart } from '../support/parts.ts';
import { type ClusterObject, json, startCluster, type TestCluster, TOKEN, TOOLS } from './cluster.ts';
import { look, observed } from './look.ts';

const ISVC = 'serving.kserve.io/v1beta1/inferenceservices';
const PODS = 'v1/pods';
const [BYTES, OTHER] = [digestOf('weights'), digestOf('other weights')];

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
}, 30_000);
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(() => {
  for (const name of cluster.objects.keys()) cluster.objects.set(name, []);
  cluster.asked.length = 0;
  cluster.pageSize = 1000;
  cluster.disturb = () => false;
});

function sourceOf(settings: Record<string, unknown> = {}): InventorySource {
  const access = { service_account: cluster.folder, server: cluster.url, allow_addresses: ['127.0.0.1'] };
  const entry = { type: 'kubernetes', name: 'cluster', environment: 'production', ...access, ...settings };
  const [source] = createSources([entry], TOOLS);
  if (source === undefined) throw new Error('no source was made');
  return source;
}

const put = (resource: string, ...objects: ClusterObject[]) =>
  void cluster.objects.get(resource)?.push(...objects);

const service = (
  name: string,
  parts: { annotations?: object; predictor?: object; status?: object } = {},
) => ({
  metadata: { name, namespace: 'fraud', ...(parts.annotations && { annotations: parts.annotations }) },
  spec: { predictor: parts.predictor ?? { model: { storageUri: 'oci://registry.test/fraud:4.1.2' } } },
  ...(parts.status && { status: { components: { predictor: parts.status } } }),
});

let pods = 0;
const pod = (
  of: string,
  parts: { revision?: string; annotations?: object; labels?: object; images?: object; ready?: boolean } = {},
) => ({
  metadata: {
    name: `${of}-${pods++}`,
    namespace: 'fraud',
    creationTimestamp: new Date(1_780_000_000_000 + pods * 1000).toISOString(),
    labels: {
      'serving.kserve.io/inferenceservice': of,
      component: 'predictor',
      ...(parts.revision && { 'serving.knative.dev/revision': parts.revision }),
      ...parts.labels,
    },
    annotations: parts.annotations ?? {},
  },
  status: {
    conditions: [{ type: 'Ready', status: parts.ready === false ? 'False' : 'True' }],
    containerStatuses: Object.entries(parts.images ?? {}).map(([name, imageID]) => ({ name, imageID })),
  },
});
const pulled = (digest: string) => ({
  modelcar: `docker-pullable://registry.test/fraud@${digest}`,
  'kserve-container': '',
});

describeWithPart('openssl', 'a source of type kubernetes', () => {
  it('knows the image of a modelcar from the kubelet: verified, with the replicas that serve', async () => {
    put(ISVC, service('fraud'));
    put(PODS, pod('fraud', { images: pulled(BYTES) }), pod('fraud', { images: pulled(BYTES) }));
    put(PODS, pod('fraud', { images: { modelcar: '' }, ready: false }));
    expect(await observed(sourceOf())).toEqual([
      {
        deployment: 'inferenceservice/fraud/fraud',
        environment: 'production',
        modelId: 'fraud',
        modelVersion: '4.1.2',
        digest: BYTES,
        confidence: 'verified',
        how: 'the kubelet says which image it pulled',
        replicas: 2,
      },
    ]);
  });

  it.each([
    ['docker-pullable://registry.test/fraud@', 'verified', BYTES],
    ['registry.test:5000/fraud@', 'verified', BYTES],
    ['', 'unknown', null],
    ['docker://', 'unknown', null],
  ])('takes what stands in an imageID behind "%s" as %s', async (before, confidence, digest) => {
    const annotations = { 'countersign.dev/digest': BYTES };
    put(ISVC, service('fraud', { annotations }));
    put(PODS, pod('fraud', { images: { modelcar: `${before}${BYTES}` }, annotations }));
    const [seen] = await observed(sourceOf());
    expect(seen).toMatchObject({ confidence, digest });
    if (digest === null)
      expect(seen?.how).toMatch(
        /the kubelet names ".*sha256:.*", the configuration of its image, which is not the digest of its manifest$/,
      );
  });

  it('shows a pod that pulled other bytes beside its like, though it says the same of itself', async () => {
    const annotations = { 'countersign.dev/model': 'fraud-detection', 'countersign.dev/digest': BYTES };
    put(ISVC, service('fraud', { annotations }));
    put(
      PODS,
      pod('fraud', { images: pulled(BYTES), annotations }),
      pod('fraud', { images: pulled(OTHER), annotations }),
    );
    expect(await observed(sourceOf())).toMatchObject([
      { deployment: 'inferenceservice/fraud/fraud', modelId: 'fraud-detection', digest: BYTES, replicas: 1 },
      { deployment: expect.stringMatching(/^inferenceservice\/fraud\/fraud~[0-9a-f]{12}$/), digest: OTHER },
    ]);
  });

  it('sees both revisions of a canary, each with its own words', async () => {
    const status = {
      latestCreatedRevision: 'fraud-00002',
      latestRolledoutRevision: 'fraud-00001',
      traffic: [
        { revisionName: 'fraud-00002', percent: 10, latestRevision: true },
        { revisionName: 'fraud-00001', percent: 85 },
        { revisionName: 'fraud-00000', percent: 5 },
      ],
    };
    const annotations = { 'countersign.dev/version': '4.2.0' };
    put(ISVC, service('fraud', { annotations, status }));
    put(PODS, pod('fraud', { revision: 'fraud-00002', images: pulled(OTHER) }));
    const old = { 'countersign.dev/version': '4.1.2' };
    put(PODS, pod('fraud', { revision: 'fraud-00001', images: pulled(BYTES), annotations: old }));
    expect(await observed(sourceOf())).toMatchObject([
      { deployment: 'inferenceservice/fraud/fraud/fraud-00002', modelVersion: '4.2.0', digest: OTHER },
      { deployment: 'inferenceservice/fraud/fraud', modelVersion: '4.1.2', digest: BYTES },
      {
        deployment: 'inferenceservice/fraud/fraud/fraud-00000',
        digest: null,
        confidence: 'unknown',
        replicas: 0,
      },
    ]);
  });

  it.each([
    ['a model of any format', { model: { storageUri: 's3://models/fraud' } }],
    ['a framework by its name', { sklearn: { storageUri: 's3://models/fraud' } }],
    ['several places', { storageUris: [{ uri: 's3://models/fraud', mountPath: '/mnt/models' }] }],
  ])('says that %s in a bucket has no digest unless one is declared', async (_what, predictor) => {
    put(ISVC, service('fraud', { predictor }));
    put(PODS, pod('fraud'));
    const [unknown] = await observed(sourceOf());
    expect(unknown).toMatchObject({
      digest: null,
      confidence: 'unknown',
      replicas: 1,
      modelVersion: 'unknown',
    });
    expect(unknown?.how).toBe(
      'its model comes from "s3://models/fraud", with no digest; nobody says which version it is',
    );
    const annotations = { 'countersign.dev/digest': BYTES, 'countersign.dev/version': 'v4.1.2' };
    cluster.objects.set(ISVC, [service('fraud', { predictor, annotations })]);
    expect(await observed(sourceOf())).toMatchObject([
      {
        digest: BYTES,
        confidence: 'declared',
        modelVersion: '4.1.2',
        how: 'written in the annotation countersign.dev/digest',
      },
    ]);
  });

  it('sees every model of a service with several, and a base model with each of its adapters', async () => {
    const predictor = {
      storageUris: [{ uri: 'oci://registry.test/a:1' }, { uri: 'oci://registry.test/b:2' }],
    };
    put(ISVC, service('pair', { predictor }));
    put(PODS, pod('pair', { images: { modelcar: `a@${BYTES}`, 'modelcar-1': `b@${OTHER}` } }));
    put('serving.kserve.io/v1alpha1/llminferenceservices', {
      metadata: {
        name: 'llama',
        namespace: 'fraud',
        annotations: { 'adapter.countersign.dev/tone': `tone-adapter@1.2 ${OTHER}` },
      },
      spec: {
        model: {
          uri: `oci://registry.test/llama:8@${BYTES}`,
          lora: {
            adapters: [
              { name: 'tone', uri: 'hf://org/tone' },
              { name: '../évil', uri: 's3://x' },
              { name: 'tone' },
            ],
          },
        },
      },
    });
    const workload = {
      'app.kubernetes.io/part-of': 'llminferenceservice',
      'app.kubernetes.io/name': 'llama',
      'app.kubernetes.io/component': 'llminferenceservice-workload',
    };
    put(PODS, pod('none', { labels: workload, images: { modelcar: `llama@${BYTES}` } }));
    put(
      PODS,
      pod('none', {
        labels: { ...workload, 'app.kubernetes.io/component': 'llminferenceservice-router-scheduler' },
      }),
    );
    expect(await observed(sourceOf())).toMatchObject([
      { deployment: 'inferenceservice/fraud/pair', modelVersion: '1', digest: BYTES },
      { deployment: 'inferenceservice/fraud/pair+1', modelId: 'pair-1', modelVersion: '2', digest: OTHER },
      {
        deployment: 'llminferenceservice/fraud/llama',
        modelVersion: '8',
        digest: BYTES,
        confidence: 'verified',
        replicas: 1,
      },
      {
        deployment: 'llminferenceservice/fraud/llama/adapter/tone',
        modelId: 'tone-adapter',
        modelVersion: '1.2',
        digest: OTHER,
        confidence: 'declared',
      },
      { deployment: expect.stringMatching(/adapter\/escaped-.._vil-[0-9a-f]{12}$/), digest: null },
      { deployment: 'llminferenceservice/fraud/llama/adapter/tone~2' },
    ]);
  });

  describe('an LLMInferenceService that builds on configurations', () => {
    const config = (name: string, namespace: string, model: object) => ({
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'LLMInferenceServiceConfig',
      metadata: { name, namespace },
      spec: { model, template: { containers: [{ name: 'main', image: 'vllm/vllm-openai' }] } },
    });
    const building = (baseRefs: readonly string[], model: object) =>
      put('serving.kserve.io/v1alpha1/llminferenceservices', {
        metadata: { name: 'llama', namespace: 'fraud' },
        spec: { baseRefs: baseRefs.map((name) => ({ name })), model },
      });
    const uri = (digest: string) => ({ uri: `oci://registry.test/llama:8@${digest}` });
    const configs = 'serving.kserve.io/v1alpha1/llminferenceserviceconfigs';
    const base = { deployment: 'llminferenceservice/fraud/llama' };
    const tone = { deployment: 'llminferenceservice/fraud/llama/adapter/tone' };

    it('serves what a later base says over an earlier one, and its own namespace over the shared one', async () => {
      put(configs, config('shared', 'kserve', { ...uri(OTHER), lora: { adapters: [{ name: 'tone' }] } }));
      put(configs, config('own', 'kserve', uri(OTHER)), config('own', 'fraud', uri(BYTES)));
      building(['shared', 'own'], { uri: '', name: 'llama' });
      for (const settings of [{}, { namespaces: ['fraud'] }])
        expect((await look(sourceOf(settings))).observations).toMatchObject([
          { ...base, digest: BYTES },
          tone,
        ]);
    });

    it('serves what it says itself over all bases', async () => {
      put(configs, config('own', 'fraud', uri(OTHER)));
      building(['own'], { ...uri(BYTES), lora: { adapters: [] } });
      expect(await look(sourceOf())).toMatchObject({ observations: [{ ...base, digest: BYTES }], gaps: [] });
    });

    it('is unknown where a base is missing or leaves a gap to fill in, and what it may serve goes stale', async () => {
      put(configs, config('own', 'fraud', uri(OTHER)), config('open', 'fraud', { uri: 'hf://{{ .Name }}' }));
      building(['own', 'away'], { name: 'llama' });
      const { observations, gaps } = await look(sourceOf());
      expect(observations).toMatchObject([{ ...base, digest: null, confidence: 'unknown' }]);
      expect(gaps.map(({ reason }) => reason)).toEqual([
        'the LLMInferenceService fraud/llama builds on "away", which is neither in its namespace nor in kserve',
      ]);
      expect(gaps[0]?.covers({ ...tone, environment: 'production' })).toBe(true);
      cluster.objects.set('serving.kserve.io/v1alpha1/llminferenceservices', []);
      building(['own', 'open'], {});
      expect(await look(sourceOf())).toMatchObject({ observations: [{ digest: null }], gaps: [] });
    });
  });

  it('sees models of Seldon, and controllers that say that they serve one', async () => {
    const meta = (name: string, annotations = {}) => ({ name, namespace: 'fraud', annotations });
    put('mlops.seldon.io/v1alpha1/models', {
      metadata: meta('iris', { 'countersign.dev/digest': BYTES, 'countersign.dev/version': '1' }),
      spec: { storageUri: 'gs://models/iris' },
      status: { replicas: 3 },
    });
    const graph = {
      name: 'router',
      children: [
        { name: 'a', modelUri: 'gs://a' },
        { name: 'b', modelUri: 'gs://b' },
      ],
    };
    put('machinelearning.seldon.io/v1/seldondeployments', {
      metadata: meta('ensemble', { 'countersign.dev/digest': BYTES }),
      spec: {
        predictors: [
          { name: 'default', replicas: 2, graph },
          { name: 'canary', graph: { name: 'c', modelUri: 'gs://c' } },
        ],
      },
    });
    const annotations = { 'countersign.dev/model': 'fraud-detection', 'countersign.dev/version': '4.1.2' };
    const controller = (name: string, more: object, owner?: string) => ({
      metadata: {
        ...meta(name, { ...annotations, ...more }),
        ...(owner && { ownerReferences: [{ kind: owner, controller: true }] }),
      },
      spec: { selector: { matchLabels: { app: name } }, template: {} },
      status: { readyReplicas: 2 },
    });
    put('apps/v1/deployments', controller('written', { 'countersign.dev/digest': OTHER }));
    put('apps/v1/deployments', controller('baked', { 'countersign.dev/container': 'server' }));
    put('apps/v1/deployments', controller('owned', {}, 'InferenceService'));
    put('apps/v1/deployments', { metadata: meta('web'), spec: { template: {} } });
    put('apps/v1/statefulsets', controller('stateful', { 'countersign.dev/digest': BYTES.toUpperCase() }));
    put(
      PODS,
      pod('none', {
        labels: { app: 'baked' },
        images: { server: `registry.test/server@${BYTES}`, sidecar: `registry.test/sidecar@${OTHER}` },
      }),
    );
    const seen = await observed(sourceOf({ environment_of: { fraud: 'staging' } }));
    expect(seen.every(({ environment }) => environment === 'staging')).toBe(true);
    expect(
      seen.map(({ deployment, digest, confidence, replicas }) => [deployment, digest, confidence, replicas]),
    ).toEqual([
      ['seldondeployment/fraud/ensemble/default/a', null, 'unknown', 2],
      ['seldondeployment/fraud/ensemble/default/b', null, 'unknown', 2],
      ['seldondeployment/fraud/ensemble/canary/c', BYTES, 'declared', 1],
      ['seldonmodel/fraud/iris', BYTES, 'declared', 3],
      ['deployment/fraud/written', OTHER, 'declared', 2],
      ['deployment/fraud/baked', BYTES, 'verified', 1],
      ['statefulset/fraud/stateful', null, 'unknown', 2],
    ]);
  });

  it('reads every page, in the namespaces that it is told', async () => {
    cluster.pageSize = 2;
    for (let n = 0; n < 5; n++) put(ISVC, service(`s${n}`));
    put(ISVC, { ...service('elsewhere'), metadata: { name: 'elsewhere', namespace: 'other' } });
    const source = sourceOf({ namespaces: ['fraud'], resources: ['inferenceservices'] });
    expect(await observed(source)).toHaveLength(5);
    expect(cluster.asked.filter((path) => path.includes('continue='))).toHaveLength(2);
    expect(cluster.asked.every((path) => path.includes('/namespaces/fraud/'))).toBe(true);
  });

  it('begins anew when its place in a list went by (410), and gives up after three times', async () => {
    cluster.pageSize = 2;
    for (let n = 0; n < 3; n++) put(ISVC, service(`s${n}`));
    let gone = 1;
    cluster.disturb = (path, response) => {
      if (!path.includes('continue=') || gone-- <= 0) return false;
      json(response, 410, { kind: 'Status', code: 410, reason: 'Expired' });
      return true;
    };
    const source = sourceOf({ resources: ['inferenceservices'] });
    expect(await observed(source)).toHaveLength(3);
    gone = 9;
    const { observations, gaps } = await look(source);
    expect(observations).toHaveLength(2);
    expect(gaps.map(({ reason }) => reason)).toEqual([expect.stringContaining('was answered with 410')]);
  });

  it('shows what came when a page failed, and calls stale what may be in the rest', async () => {
    cluster.pageSize = 2;
    for (let n = 0; n < 3; n++) put(ISVC, service(`s${n}`));
    cluster.disturb = (path, response) => {
      if (!path.includes('continue=')) return false;
      response.writeHead(503).end();
      return true;
    };
    const { observations, gaps } = await look(sourceOf());
    expect(observations).toHaveLength(2);
    expect(gaps).toHaveLength(1);
    const covers = (deployment: string) => gaps[0]?.covers({ environment: 'production', deployment });
    expect(covers('inferenceservice/fraud/s2')).toBe(true);
    expect(covers('deployment/fraud/s2')).toBe(false);
  });

  it('shows no model of a kind of which it may not see the pods', async () => {
    put(ISVC, service('fraud'));
    cluster.disturb = (path, response) => {
      if (!path.startsWith('/api/v1/pods')) return false;
      json(response, 403, { kind: 'Status', code: 403 });
      return true;
    };
    const { observations, gaps } = await look(sourceOf());
    expect(observations).toEqual([]);
    expect(gaps.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('/api/v1/pods was answered with 403: the credentials are refused'),
    ]);
  });

  it('takes a kind that the cluster does not know for none, unless it is told to look for it', async () => {
    cluster.objects.delete('mlops.seldon.io/v1alpha1/models');
    expect(await observed(sourceOf())).toEqual([]);
    await expect(look(sourceOf({ resources: ['seldonmodels'] }))).rejects.toThrow('was answered with 404');
    cluster.objects.set('mlops.seldon.io/v1alpha1/models', []);
  });

  it('keeps an object that it cannot read from hiding the others', async () => {
    put(ISVC, service('fraud'), {
      metadata: { name: 'bad\n"name', namespace: 'fraud' },
      spec: { predictor: 7 },
    });
    const { observations, gaps } = await look(sourceOf());
    expect(observations).toHaveLength(1);
    expect(gaps[0]?.reason).toContain('"bad\\n\\"name" of inferenceservices cannot be read: spec.predictor');
  });

  it.each([
    ['garbage', '<html>', 'is not JSON'],
    ['another shape', '{"items": {}}', 'has another shape than expected: items'],
    ['deep nesting', '['.repeat(100_000), 'is nested deeper than 64 levels'],
    ['more than a cluster holds', `{"items": [${'0,'.repeat(250_000)}0]}`, 'has more than 250000 items'],
    ['a huge answer', ' '.repeat(33 * 1024 * 1024), 'sends more than the'],
  ])('cannot be read from a server that answers with %s', async (_what, body, message) => {
    cluster.disturb = (_path, response) => {
      response.writeHead(200).end(body);
      return true;
    };
    await expect(look(sourceOf({ resources: ['inferenceservices'] }))).rejects.toThrow(message);
  });

  it('tells nobody its token, whatever goes wrong', async () => {
    await writeFile(join(cluster.folder, 'token'), 'refused-secret');
    const refused = look(sourceOf());
    await expect(refused).rejects.toThrow('was answered with 401: the credentials are refused');
    await expect(refused).rejects.not.toThrow('refused-secret');
    await writeFile(join(cluster.folder, 'token'), `${TOKEN}\n`);
    expect(await observed(sourceOf())).toEqual([]);
  });

  it('sends nothing to an address of this machine, its link or a private network that nobody allowed', async () => {
    for (const server of [
      cluster.url,
      'https://127.0.0.1',
      'https://2130706433',
      'https://[::ffff:7f00:1]',
      'https://169.254.169.254',
      'https://10.0.0.1',
    ])
      await expect(look(sourceOf({ server, allow_addresses: [] }))).rejects.toThrow('no rule allows that');
    expect(cluster.asked).toEqual([]);
  });
});

describeWithPart('openssl', 'a kubeconfig', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const write = async (user: object, more: object = {}) => {
    const path = join(cluster.folder, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'test', user: 'monitor' } }],
      clusters: [
        {
          name: 'test',
          cluster: { server: cluster.url, 'certificate-authority-data': base64(cluster.ca), ...more },
        },
      ],
      users: [{ name: 'monitor', user }],
    };
    await writeFile(path, JSON.stringify(config));
    return sourceOf({ service_account: undefined, server: undefined, kubeconfig: path });
  };

  it('reaches the cluster with a token, a file of one, or a client certificate', async () => {
    put(ISVC, service('fraud'));
    const { cert, key } = cluster.client;
    const certificate = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
    for (const user of [{ token: TOKEN }, { tokenFile: 'token' }, certificate])
      expect(await observed(await write(user))).toHaveLength(1);
  });

  it('is refused with all that stands in its way, and none of its secrets', async () => {
    const user = { token: 7, exec: { command: 'aws' }, as: 'admin', 'client-key-data': 'S3CRET!' };
    const problem = await look(await write(user)).then(String, String);
    expect(problem).toContain('exec: it runs a program, which is not done here');
    expect(problem).toContain('as: acting as somebody else');
    expect(problem).toContain('token: ');
    expect(problem).not.toContain('S3CRET');
    await expect(look(await write({}))).rejects.toThrow('has neither a token nor a client certificate');
    const insecure = write({ token: TOKEN }, { 'insecure-skip-tls-verify': true, server: 'http://x' });
    await expect(look(await insecure)).rejects.toThrow(/insecure-skip-tls-verify.*\n.*https/);
  });
});
