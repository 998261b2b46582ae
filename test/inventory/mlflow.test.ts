import { expect, it } from 'vitest';
import { digestOf, hexOf } from '../../src/domain/index.ts';
import { json } from './cluster.ts';
import { look, observed } from './look.ts';
import { sourceAt, startSite, type TestSite } from './site.ts';

const BYTES = digestOf('weights');
const API = '/api/2.0/mlflow';

interface Registered {
  readonly name: string;
  readonly aliases?: readonly { alias: string; version: string }[];
  readonly latest_versions?: readonly { version: string; current_stage: string }[];
}

/** A registry that speaks MLflow's REST API, with two models in a page. */
function startRegistry(models: Registered[], tags: Record<string, string> = {}): Promise<TestSite> {
  return startSite((url, response) => {
    const param = (name: string) => url.searchParams.get(name) ?? '';
    if (url.pathname === `${API}/registered-models/search`) {
      const from = Number(param('page_token') || 0);
      const next = from + 2 < models.length ? { next_page_token: String(from + 2) } : {};
      return json(response, 200, { registered_models: models.slice(from, from + 2), ...next });
    }
    const tag = tags[`${param('name')}@${param('version')}`];
    const own = tag === undefined ? [] : [{ key: 'governance.sha256', value: tag }];
    if (url.pathname !== `${API}/model-versions/get` || param('version') === '404')
      return json(response, 404, { error_code: 'RESOURCE_DOES_NOT_EXIST' });
    const model_version = { name: param('name'), version: param('version'), status: 'READY', tags: own };
    json(response, 200, { model_version });
  });
}

const champion = (version: string) => [{ alias: 'champion', version }];
const aliases = { champion: 'production', challenger: 'staging' };

it('shows what aliases and stages point at, with the digest that a tag declares', async () => {
  const models = [
    {
      name: 'fraud',
      aliases: [...champion('7'), { alias: 'challenger', version: '9' }, { alias: 'old', version: '1' }],
    },
    {
      name: 'churn',
      latest_versions: [
        { version: '3', current_stage: 'Production' },
        { version: '4', current_stage: 'None' },
      ],
    },
    { name: 'Fraud détection/2', aliases: champion('1') },
  ];
  await using site = await startRegistry(models, { 'fraud@7': hexOf(BYTES), 'churn@3': 'not a digest' });
  const source = sourceAt('mlflow', {
    url: site.url,
    aliases,
    stages: { Production: 'production' },
    token: { env: 'S3CRET' },
  });
  expect(await observed(source)).toMatchObject([
    {
      deployment: 'fraud/champion',
      environment: 'production',
      modelId: 'fraud',
      modelVersion: '7',
      digest: BYTES,
      confidence: 'declared',
      how: 'the alias "champion" points at version "7"; named by the tag "governance.sha256"',
    },
    {
      deployment: 'fraud/challenger',
      environment: 'staging',
      modelVersion: '9',
      digest: null,
      confidence: 'unknown',
    },
    {
      deployment: 'churn/Production',
      digest: null,
      how: expect.stringContaining('names "not a digest", which is no SHA-256'),
    },
    { deployment: expect.stringMatching(/^escaped-Fraud_d_tection_2-[0-9a-f]{12}\/champion$/), digest: null },
  ]);
  expect(site.authorization).toBe('Bearer S3CRET');
});

it('follows an alias that moves, under the same name', async () => {
  const models = [{ name: 'fraud', aliases: champion('7') }];
  await using site = await startRegistry(models);
  const source = sourceAt('mlflow', { url: site.url, aliases });
  const seen = async () =>
    (await observed(source)).map(({ deployment, modelVersion }) => [deployment, modelVersion]);
  expect(await seen()).toEqual([['fraud/champion', '7']]);
  models[0] = { name: 'fraud', aliases: champion('9') };
  expect(await seen()).toEqual([['fraud/champion', '9']]);
});

it('calls stale what it could not follow, and everything where a page failed', async () => {
  const models = [
    { name: 'a', aliases: champion('404') },
    { name: 'b', aliases: champion('1') },
    { name: 'c', aliases: champion('1') },
  ];
  await using site = await startRegistry(models);
  const source = sourceAt('mlflow', { url: site.url, aliases });
  const one = await look(source);
  expect(one.observations.map(({ deployment }) => deployment)).toEqual(['b/champion', 'c/champion']);
  const covers = (deployment: string) =>
    one.gaps.map((gap) => gap.covers({ environment: 'production', deployment }));
  expect([covers('a/champion'), covers('b/champion')]).toEqual([[true], [false]]);
  const { answer } = site;
  site.answer = (url, response, request) =>
    url.searchParams.has('page_token')
      ? void response.writeHead(502).end('<html>')
      : answer(url, response, request);
  const half = await look(source);
  expect(half.observations.map(({ deployment }) => deployment)).toEqual(['b/champion']);
  expect(half.gaps[0]?.covers({ environment: 'production', deployment: 'c/champion' })).toBe(true);
  expect(half.gaps[0]?.reason).toContain('registered-models/search was answered with 502');
});

it('cannot be read with refused credentials, and does not tell them', async () => {
  await using site = await startSite((_url, response) => json(response, 401, {}));
  const source = sourceAt('mlflow', {
    url: site.url,
    aliases,
    username: 'monitor',
    password: { env: 'S3CRET' },
  });
  const refusal = String(await look(source).then(() => '', String));
  expect(refusal).toContain('was answered with 401: the credentials are refused');
  expect(refusal).not.toContain('S3CRET');
  expect(site.authorization).toBe(`Basic ${btoa('monitor:S3CRET')}`);
});

it.each([
  ['nothing that says what is deployed', {}, 'expected aliases or stages'],
  ['half of an account', { aliases, username: 'monitor' }, 'username and password go together'],
  [
    'a token and an account',
    { aliases, username: 'a', password: { env: 'A' }, token: { env: 'B' } },
    'not both',
  ],
  [
    'a secret in the configuration',
    { aliases, token: 'S3CRET' },
    'a secret does not stand in the configuration',
  ],
  [
    'credentials in its URL',
    { aliases, url: 'https://me:S3CRET@x.test' },
    'leave the credentials out of the URL',
  ],
])('is refused with %s, which is not told', (_what, settings, message) => {
  const refuse = () => sourceAt('mlflow', { url: 'https://mlflow.test', ...settings });
  expect(refuse).toThrow(message);
  expect(refuse).not.toThrow('S3CRET');
});
