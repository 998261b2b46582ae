import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Confidence, deploymentKey, digestOf, hexOf } from '../../src/domain/index.ts';
import { createSources, type InventorySource, SOURCE_TYPES } from '../../src/inventory/index.ts';
import { findPart } from '../support/parts.ts';
import { json, startCluster, TOOLS } from './cluster.ts';
import { entry, openList } from './listed.ts';
import { look, observed } from './look.ts';
import { startSite } from './site.ts';

type SourceType = keyof typeof SOURCE_TYPES;

/** A place with one deployment whose digest can be had and one whose digest cannot. */
interface Place extends AsyncDisposable {
  readonly settings: Record<string, unknown>;
  /** Makes the place as a whole unreadable. */
  lose(): Promise<void>;
}

/** Every type of source brings a place that it can look at. */
const PLACES: Readonly<Record<SourceType, () => Promise<Place>>> = {
  file: async () => {
    const listed = await openList(
      entry(
        `digest: ${digestOf('known')}`,
        '  - { name: lost, environment: production, model_id: m, model_version: "1", path: nowhere.onnx }',
      ),
    );
    return {
      settings: { path: listed.path },
      lose: () => rm(listed.path),
      [Symbol.asyncDispose]: () => listed[Symbol.asyncDispose](),
    };
  },
  kubernetes: async () => {
    const cluster = await startCluster();
    const service = (name: string, storageUri: string) => ({
      metadata: { name, namespace: 'fraud' },
      spec: { predictor: { model: { storageUri } } },
    });
    cluster.objects
      .get('serving.kserve.io/v1beta1/inferenceservices')
      ?.push(
        service('known', `oci://registry.test/m@${digestOf('known')}`),
        service('lost', 's3://models/m'),
      );
    const { url: server, folder: service_account } = cluster;
    return {
      settings: { environment: 'production', service_account, server, allow_addresses: ['127.0.0.1'] },
      lose: () => cluster.stop(),
      [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
    };
  },
  oci: () => placesAt('images', (name, host) => ({ repository: `oci://${host}/models`, tag: name })),
  s3: () => placesAt('objects', (name) => ({ object: `s3://models/${name}`, model_version: '1' })),
  mlflow: () => siteOf(registryAnswer, { aliases: { champion: 'production' } }),
  prometheus: () => siteOf(seriesAnswer, { environment: 'production' }),
  http: () =>
    siteOf(() => [{ name: 'known', digest: digestOf('known') }, { name: 'lost' }], {
      environment: 'production',
      fields: { deployment: 'name', model: 'name', version: 'version', digest: 'digest' },
    }),
};

const CERTAIN: readonly Confidence[] = ['verified', 'reported', 'declared'];

/** A place that answers two questions as a site does. */
async function siteOf(answers: (url: URL) => unknown, settings: Record<string, unknown>): Promise<Place> {
  const site = await startSite((url, response) => json(response, 200, answers(url)));
  return {
    settings: { url: site.url, allow_addresses: ['127.0.0.1'], ...settings },
    lose: () => site.stop(),
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}

/** A place that holds one of two artifacts, as a registry and as an object store. */
async function placesAt(key: string, partsOf: (name: string, host: string) => object): Promise<Place> {
  const site = await startSite((url, response) => {
    const isKnown = url.pathname.endsWith('/known');
    response.writeHead(isKnown ? 200 : 404, { 'x-amz-meta-sha256': hexOf(digestOf('known')) });
    response.end(isKnown && url.pathname.startsWith('/v2/') ? '{"schemaVersion":2}' : undefined);
  });
  const { host } = new URL(site.url);
  const places = ['known', 'lost'].map((name) => ({
    ...{ name, environment: 'production', model_id: 'm' },
    ...partsOf(name, host),
  }));
  const reach = key === 'images' ? { plain_http: true } : { endpoint: site.url };
  return {
    settings: { [key]: places, allow_addresses: ['127.0.0.1'], ...reach },
    lose: () => site.stop(),
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}

function registryAnswer(url: URL): unknown {
  const aliases = [{ alias: 'champion', version: '1' }];
  const models = ['known', 'lost'].map((name) => ({ name, aliases }));
  const name = url.searchParams.get('name') ?? '';
  const tags = name === 'known' ? [{ key: 'governance.sha256', value: digestOf('known') }] : [];
  return name === ''
    ? { registered_models: models }
    : { model_version: { name, version: '1', status: 'READY', tags } };
}

function seriesAnswer(url: URL): unknown {
  const labels = { model_version: '1', job: 'serving' };
  const series = [
    { metric: { ...labels, model_id: 'known', digest: digestOf('known') }, value: [0, '1'] },
    { metric: { ...labels, model_id: 'lost' }, value: [0, '1'] },
  ];
  const result = url.searchParams.get('query')?.includes('serving_active') ? series : [];
  return { status: 'success', data: { resultType: 'vector', result } };
}

/** Loudly skipped in the tests of its own. */
const CAN_RUN = (type: SourceType) => type !== 'kubernetes' || findPart('openssl') !== null;

describe.each((Object.keys(SOURCE_TYPES) as SourceType[]).filter(CAN_RUN))('a source of type %s', (type) => {
  const open = (place: Place): InventorySource => {
    const [source] = createSources([{ type, name: 'here', ...place.settings }], TOOLS);
    if (source === undefined) throw new Error('no source was made');
    return source;
  };

  it('goes by the name that it was given', async () => {
    await using place = await PLACES[type]();
    expect(open(place).name).toBe('here');
  });

  it('shows every deployment once, each with a digest or with the reason why there is none', async () => {
    await using place = await PLACES[type]();
    const seen = await observed(open(place));
    const keys = seen.map((observation) => deploymentKey({ source: 'here', ...observation }));
    expect(new Set(keys).size).toBe(2);
    for (const { digest, confidence, how, replicas } of seen) {
      expect(CERTAIN.includes(confidence)).toBe(digest !== null);
      expect(how).not.toBe('');
      expect(Number.isSafeInteger(replicas) && replicas >= 0).toBe(true);
    }
    expect(seen.filter(({ digest }) => digest === null)).toHaveLength(1);
  });

  it('shows the same again while nothing changes', async () => {
    await using place = await PLACES[type]();
    const source = open(place);
    expect(await look(source)).toEqual(await look(source));
  });

  it('throws when the place as a whole cannot be read', async () => {
    await using place = await PLACES[type]();
    await place.lose();
    await expect(look(open(place))).rejects.toThrow();
  });
});

describe('the settings of sources', () => {
  it('are refused with every problem at once', () => {
    const entries = [
      { type: 'file', name: 'one', path: '/a' },
      { type: 'spaceship', name: 'two' },
      { type: 'file', name: 'one', path: '/b' },
      { type: 'file', name: 'a/b', path: '/c', colour: 'red' },
      { type: 'constructor', name: 'five' },
    ];
    expect(() => createSources(entries, TOOLS)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        problems: [
          expect.objectContaining({
            where: 'monitor.sources[2].name',
            message: '"one" is the name of another source',
          }),
          expect.objectContaining({
            where: 'monitor.sources[1].type',
            message: 'there is no source of type "spaceship"',
            fix: `use one of: ${Object.keys(SOURCE_TYPES).join(', ')}`,
          }),
          expect.objectContaining({ where: 'monitor.sources[3].name' }),
          expect.objectContaining({
            where: 'monitor.sources[3].colour',
            message: 'unknown key',
          }),
          expect.objectContaining({ where: 'monitor.sources[4].type' }),
        ],
      }),
    );
  });

  it('make one source each, in order', () => {
    const entries = [
      { type: 'file', name: 'one', path: '/a' },
      { type: 'file', name: 'two', path: '/b' },
    ];
    const sources = createSources(entries, TOOLS);
    expect(sources.map(({ name }) => name)).toEqual(['one', 'two']);
  });
});
