import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { createSources, type InventorySource } from '../../src/inventory/index.ts';
import { reconcile } from '../../src/services/index.ts';
import { listDeployments } from '../../src/storage/index.ts';
import { openWatched, type Watched } from '../services/watched.ts';
import { describeWithPart } from '../support/parts.ts';
import { json, startCluster, type TestCluster, TOOLS } from './cluster.ts';
import { look } from './look.ts';

const ISVC = 'serving.kserve.io/v1beta1/inferenceservices';
const SERVING = {
  metadata: { name: 'known', namespace: 'fraud' },
  spec: { predictor: { model: { storageUri: `oci://registry.test/fraud@${digestOf('weights')}` } } },
};

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
}, 30_000);
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(() => {
  cluster.objects.set(ISVC, [SERVING]);
  cluster.disturb = () => false;
});

function sourceOf(settings: object = {}) {
  const access = { service_account: cluster.folder, server: cluster.url, allow_addresses: ['127.0.0.1'] };
  const entry = { type: 'kubernetes', name: 'cluster', environment: 'production', ...access, ...settings };
  const [source] = createSources([entry], TOOLS);
  if (source === undefined) throw new Error('no source was made');
  return source;
}

/** Answers with 404 where `isMissing` says so. */
function losing(isMissing: (path: string) => boolean, answer = notFound): void {
  cluster.disturb = (path, response) => {
    if (!isMissing(path)) return false;
    answer(response);
    return true;
  };
}

function notFound(response: ServerResponse): void {
  json(response, 404, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 });
}

/** Ticks until the deployments stand as they should: a busy machine may be looked at later than a tick waits for. */
async function comesTo(watched: Watched, source: InventorySource, wanted: unknown) {
  const standing = async () => {
    await reconcile({ ...watched.context, sources: [source] }, watched.lead);
    const rows = await listDeployments(watched.database.db);
    return rows.map(({ deployment, staleSince }) => [deployment, staleSince !== null]);
  };
  await vi.waitFor(async () => expect(await standing()).toEqual(wanted), { timeout: 30_000 });
}

describeWithPart('openssl', 'a cluster that answers the list of a kind with 404', () => {
  const KNOWN = 'inferenceservice/fraud/known';

  it.each([
    ['for everything, as one behind a wrong path does', () => losing(() => true)],
    ['for all lists', () => losing((path) => path.includes('/apis/') || path.includes('/pods'))],
    [
      'from something before it',
      () =>
        losing(
          (path) => path.includes('kserve'),
          (response) => void response.writeHead(404).end('404 page not found'),
        ),
    ],
    ['for a version of its API that was taken away', () => void cluster.objects.delete(ISVC)],
  ])('%s, keeps what it showed of it, stale, with what was found about it', async (_what, lose) => {
    await using watched = await openWatched();
    const source = sourceOf();
    await comesTo(watched, source, [[KNOWN, false]]);
    expect(await watched.kinds()).toEqual(['missing_record']);
    lose();
    for (let looks = 0; looks < 2; looks++) await comesTo(watched, source, [[KNOWN, true]]);
    // Another leader knows no more than the database.
    await watched.lead.release();
    for (let looks = 0; looks < 2; looks++) await comesTo(watched, sourceOf(), [[KNOWN, true]]);
    expect(await watched.kinds()).toEqual(['missing_record', 'source_stale']);
  });

  it('lets it go where the operator leaves out the kind', async () => {
    await using watched = await openWatched();
    const source = sourceOf();
    await comesTo(watched, source, [[KNOWN, false]]);
    cluster.objects.delete(ISVC);
    await comesTo(watched, source, [[KNOWN, true]]);
    await comesTo(watched, sourceOf({ resources: ['deployments'] }), []);
    expect(await watched.kinds()).toEqual([]);
  });

  it('has none of it only if its list of APIs says so too', async () => {
    cluster.objects.delete(ISVC);
    expect(await look(sourceOf())).toEqual({ observations: [], gaps: [] });
    losing((path) => path === '/apis');
    const { gaps } = await look(sourceOf());
    expect(gaps.map(({ reason }) => reason?.replace(/^.*\//, ''))).toEqual(
      ['inferenceservices', 'llminferenceservices'].map(
        (kind) => `${kind} was answered with 404, and nothing says that it has none of that kind`,
      ),
    );
  });

  it('after a first page shows that page, and calls stale what may be in the rest', async () => {
    cluster.objects.set(ISVC, [SERVING, { ...SERVING, metadata: { name: 'more', namespace: 'fraud' } }]);
    cluster.pageSize = 1;
    losing((path) => path.includes('continue='));
    const { observations, gaps } = await look(sourceOf());
    expect(observations).toMatchObject([{ deployment: KNOWN }]);
    expect(
      gaps.map(({ covers }) =>
        covers({ environment: 'production', deployment: 'inferenceservice/fraud/more' }),
      ),
    ).toEqual([true]);
  });
});
