import { expect, it } from 'vitest';
import { digestOf, hexOf } from '../../src/domain/index.ts';
import { json } from './cluster.ts';
import { look, observed } from './look.ts';
import { sourceAt, startSite } from './site.ts';

const BYTES = digestOf('weights');
const SETTINGS = {
  environment: 'production',
  path: '/v1/serving',
  items: 'data.models',
  next: 'data.cursor',
  next_parameter: 'cursor',
  fields: {
    deployment: 'id',
    model: 'model.name',
    version: 'model.version',
    digest: 'checksums.sha256',
    environment: 'labels.env',
    replicas: 'pods',
  },
};
const item = (id: unknown, more: object = {}) => ({
  id,
  model: { name: 'fraud', version: 4.1 },
  checksums: { sha256: hexOf(BYTES) },
  ...more,
});

it('reads a list as its mapping says, page by page', async () => {
  await using site = await startSite((url, response) => {
    const models = url.searchParams.has('cursor')
      ? [item('b', { labels: { env: 'staging' } })]
      : [item('a', { pods: 3 })];
    json(response, 200, { data: { models, cursor: url.searchParams.has('cursor') ? '' : 'next page' } });
  });
  expect(await observed(sourceAt('http', { ...SETTINGS, url: site.url }))).toEqual([
    {
      deployment: 'a',
      environment: 'production',
      modelId: 'fraud',
      modelVersion: '4.1',
      digest: BYTES,
      confidence: 'reported',
      how: 'named by the service',
      replicas: 3,
    },
    expect.objectContaining({ deployment: 'b', environment: 'staging', replicas: 1 }),
  ]);
  expect(site.asked).toEqual(['GET /v1/serving', 'GET /v1/serving?cursor=next+page']);
});

it('keeps what it cannot read from hiding the rest, and hostile names from being taken for others', async () => {
  const models = [
    item('a'),
    item(''),
    item('c', { pods: -1 }),
    item('<script>'),
    item('a'),
    7,
    item('d', { checksums: null }),
  ];
  await using site = await startSite((_url, response) => json(response, 200, { data: { models } }));
  const { observations, gaps } = await look(sourceAt('http', { ...SETTINGS, url: site.url }));
  expect(observations.map(({ deployment }) => deployment)).toEqual([
    'a',
    expect.stringMatching(/^escaped-_script_-[0-9a-f]{12}$/),
    'a~2',
    'd',
  ]);
  expect(observations[3]).toMatchObject({
    digest: null,
    confidence: 'unknown',
    how: 'the service names no digest',
  });
  expect(gaps.map(({ reason }) => reason)).toEqual([
    'item 1 has no id',
    'item 2 has no number of replicas in pods',
    'item 5 has no id',
  ]);
});

it.each([
  ['no list', '{"data": {"models": {}}}', 'data.models is no list'],
  ['a list somewhere else', '[]', 'data.models is no list'],
  ['a key that JSON must not have', '{"__proto__": {"data": 1}}', 'holds the key "__proto__"'],
  ['HTML', '<html>', 'is not JSON'],
  ['a huge answer', ' '.repeat(9 * 1024 * 1024), 'sends more than the'],
])('cannot be read where the answer is %s', async (_what, body, message) => {
  await using site = await startSite((_url, response) => void response.end(body));
  await expect(look(sourceAt('http', { ...SETTINGS, url: site.url }))).rejects.toThrow(message);
});

it('judges each of very many items, and is not read where they are more than a source may show', async () => {
  let items = 150_000;
  await using site = await startSite((_url, response) =>
    json(response, 200, { data: { models: Array(items).fill(0) } }),
  );
  const source = sourceAt('http', { ...SETTINGS, url: site.url });
  const { gaps } = await look(source);
  expect(gaps).toHaveLength(items);
  expect(gaps.at(-1)?.reason).toBe('item 149999 has no id');
  items = 200_001;
  await expect(look(source)).rejects.toThrow(
    'it shows more than 200000 deployments: make several sources of it',
  );
});

it('follows no redirect, which could lead its token elsewhere', async () => {
  await using other = await startSite((_url, response) => json(response, 200, { data: { models: [] } }));
  await using site = await startSite(
    (_url, response) => void response.writeHead(302, { location: other.url }).end(),
  );
  const source = sourceAt('http', { ...SETTINGS, url: site.url, token: { env: 'S3CRET' } });
  await expect(look(source)).rejects.toThrow('was answered with 302');
  expect(other.asked).toEqual([]);
});

it('gives up when its time is up', async () => {
  await using site = await startSite(() => undefined);
  const source = sourceAt('http', { ...SETTINGS, url: site.url, timeout_seconds: 0.1 });
  expect(source.timeout).toBe(100);
  await expect(
    source.observe(AbortSignal.timeout(50), { at: '2026-12-01T12:00:00.000Z', known: [] }),
  ).rejects.toThrow('did not answer in time');
});
