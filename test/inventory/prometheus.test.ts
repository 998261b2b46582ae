import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { type Digest, digestOf, hashNumber } from '../../src/domain/index.ts';
import { reconcile } from '../../src/services/index.ts';
import { listDeployments } from '../../src/storage/index.ts';
import { openWatched } from '../services/watched.ts';
import { describeWithPart } from '../support/parts.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { json } from './cluster.ts';
import { look, observed } from './look.ts';
import { sourceAt, startSite } from './site.ts';

const [BYTES, OTHER] = [digestOf('weights'), digestOf('other weights')];

const labels = (model: string, more: Record<string, string> = {}) =>
  Object.entries({ model_id: model, model_version: '4.1.2', ...more })
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');

/** What three kinds of serving processes export, as the text format has it. */
const exported = (hash: Digest) => `# TYPE model_serving_active gauge
model_serving_active{${labels('fraud', { pod: 'a' })}} 1
model_serving_active{${labels('fraud', { pod: 'b' })}} 1
model_serving_active{${labels('retired')}} 0
model_serving_active{${labels('churn', { digest: OTHER, env: 'staging' })}} 1
# TYPE model_deployed_hash gauge
model_deployed_hash{${labels('fraud')}} ${hashNumber(hash)}
`;

describeWithPart('prometheus', 'a source of type prometheus, with a real one', (program) => {
  it('sees what serves; 52 bits of a digest are known again where they fit what was governed, and not otherwise', async () => {
    const exporter = createServer((_request, response) => void response.end(exported(BYTES)));
    await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
    const { port } = exporter.address() as AddressInfo;
    await using prometheus = await startPrometheus(program, { port, rules: 'groups: []' });
    await vi.waitUntil(async () => (await prometheus.query('model_deployed_hash')).length > 0, {
      timeout: 20_000,
    });
    const source = sourceAt('prometheus', {
      url: prometheus.url,
      environment: 'production',
      environment_label: 'env',
      // The default leaves out the job under which Countersign itself is scraped, and so is everything here.
      query: 'model_serving_active > 0',
      hash_query: 'model_deployed_hash',
    });
    const seen = await observed(source);
    expect(seen).toHaveLength(2);
    expect(seen).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ deployment: 'fraud', digest: null, confidence: 'unknown', replicas: 2 }),
        expect.objectContaining({
          deployment: 'churn',
          environment: 'staging',
          digest: OTHER,
          confidence: 'reported',
        }),
      ]),
    );
    await using watched = await openWatched();
    const context = { ...watched.context, sources: [source] };
    const found = async () => {
      await reconcile(context, watched.lead);
      return (await listDeployments(watched.database.db)).find(({ deployment }) => deployment === 'fraud');
    };
    expect(await found()).toMatchObject({
      digest: null,
      how: expect.stringContaining('nothing that was governed'),
    });
    await watched.governance.govern({ modelId: 'fraud', modelVersion: '4.1.2', artifact: BYTES });
    expect(await found()).toMatchObject({ digest: BYTES, confidence: 'reported', status: 'governed' });
    exporter.closeAllConnections();
    exporter.close();
  });
});

describe('a source of type prometheus', () => {
  const SERVING = { model_id: 'fraud', model_version: '1' };
  const vector = (...series: [object, string][]) => ({
    status: 'success',
    data: { resultType: 'vector', result: series.map(([metric, value]) => ({ metric, value: [0, value] })) },
  });

  it('shows replicas that export different hashes apart, and takes no nonsense for a hash', async () => {
    const hashes = [hashNumber(BYTES), hashNumber(OTHER), 2 ** 52, -1, 1.5, 'NaN'].map(
      (value): [object, string] => [{ ...SERVING, pod: String(value) }, String(value)],
    );
    await using site = await startSite((url, response) =>
      json(
        response,
        200,
        url.searchParams.get('query') === 'serving' ? vector([SERVING, '1']) : vector(...hashes),
      ),
    );
    const source = sourceAt('prometheus', { url: site.url, environment: 'production', query: 'serving' });
    expect(
      (await observed(source)).map(({ deployment, digestBegins }) => [deployment, digestBegins]),
    ).toEqual([
      ['fraud', BYTES.slice(7, 20)],
      ['fraud~2', OTHER.slice(7, 20)],
    ]);
  });

  it('tells each of many model versions by its own hash', async () => {
    const N = 20_000;
    const models = Array.from({ length: N }, (_, n) => ({ model_id: `m${n}`, model_version: '1' }));
    await using site = await startSite((url, response) => {
      const isHash = url.searchParams.get('query') === 'hashes';
      json(
        response,
        200,
        vector(...models.map((model, n): [object, string] => [model, isHash ? `${n}` : '1'])),
      );
    });
    const more = { query: 'serving', hash_query: 'hashes', up_query: 'hashes' };
    const seen = await observed(
      sourceAt('prometheus', { url: site.url, environment: 'production', ...more }),
    );
    expect(seen).toHaveLength(N);
    expect(
      seen.every(
        ({ modelId, digestBegins }) => Number.parseInt(digestBegins ?? '', 16) === Number(modelId.slice(1)),
      ),
    ).toBe(true);
  });

  it('calls stale what it does not see where an answer is partial', async () => {
    await using site = await startSite((_url, response) =>
      json(response, 200, { ...vector(), warnings: ['a store is down'] }),
    );
    const source = sourceAt('prometheus', { url: site.url, environment: 'production' });
    const { gaps } = await look(source);
    expect(gaps.map(({ reason }) => reason)).toEqual(['a part of the data could not be queried']);
  });

  it.each([
    ['an error of the query', 400, { status: 'error', error: 'parse error' }, 'was answered with 400'],
    [
      'a range',
      200,
      { status: 'success', data: { resultType: 'matrix', result: [] } },
      'the query gives no instant vector',
    ],
    ['series without a model', 200, vector([{ job: 'x' }, '1']), 'a series has no label model_id'],
  ])('cannot be read where it answers with %s', async (_what, status, body, message) => {
    await using site = await startSite((_url, response) => json(response, status, body));
    const source = sourceAt('prometheus', { url: site.url, environment: 'production' });
    await expect(look(source)).rejects.toThrow(message);
  });
});
