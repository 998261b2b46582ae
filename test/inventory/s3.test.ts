import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, hexOf } from '../../src/domain/index.ts';
import { KEYS, openTestStore, startStore, type TestStore } from '../evidence/store.ts';
import { look, observed } from './look.ts';
import { sourceAt, startSite } from './site.ts';

const BYTES = digestOf('weights');
const object = (name: string, key: string) => ({
  ...{ name, environment: 'production', model_id: 'fraud', model_version: '4.1.2' },
  object: `s3://models/${key}`,
});
const keys = (secret = KEYS.secretAccessKey) => ({
  access_key_id: { env: KEYS.accessKeyId },
  secret_access_key: { file: secret },
});

describe('a source of type s3, with an object store', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startStore('models');
  });
  afterAll(() => store[Symbol.asyncDispose]());

  it('says of an object what the store does, and of one that is not there that it is not', async () => {
    const client = openTestStore(store);
    await client.put(
      { bucket: 'models', key: 'fraud/4.1.2 ü.onnx' },
      Buffer.from('weights'),
      'application/octet-stream',
    );
    const objects = [object('eu', 'fraud/4.1.2 ü.onnx'), object('gone', 'fraud/none')];
    const [seen, gone] = await observed(sourceAt('s3', { endpoint: store.endpoint, objects, ...keys() }));
    expect(seen).toMatchObject({ deployment: 'eu', modelVersion: '4.1.2', replicas: 1 });
    expect(seen?.how).toMatch(/^s3:\/\/models\/fraud\/4\.1\.2 ü\.onnx, ETag /);
    expect(gone).toMatchObject({
      digest: null,
      confidence: 'unknown',
      how: 's3://models/fraud/none is not there',
    });
  });
});

describe('a source of type s3', () => {
  const ANSWERS: Readonly<Record<string, Record<string, string>>> = {
    '/models/checksum': {
      'x-amz-checksum-sha256': Buffer.from(hexOf(BYTES), 'hex').toString('base64'),
      'x-amz-checksum-type': 'FULL_OBJECT',
      'x-amz-version-id': '3HL4kqtJlcpXroDTDmJ',
      'x-amz-meta-sha256': hexOf(digestOf('a lie')),
    },
    '/models/parts': {
      'x-amz-checksum-sha256': `${Buffer.from(hexOf(BYTES), 'hex').toString('base64')}-3`,
      'x-amz-checksum-type': 'COMPOSITE',
    },
    '/models/written': { 'x-amz-meta-sha256': hexOf(BYTES), etag: '"abc"' },
    '/models/huge': { 'content-length': String(2 ** 40) },
  };

  it('prefers the checksum of the store to what somebody wrote, and takes none of parts for one of the whole', async () => {
    await using site = await startSite((url, response, request) => {
      expect(request.method).toBe('HEAD');
      response.writeHead(200, ANSWERS[url.pathname]).end();
    });
    const objects = ['checksum', 'parts', 'written', 'huge'].map((name) => object(name, name));
    const seen = await observed(sourceAt('s3', { endpoint: site.url, objects, ...keys() }));
    expect(seen.map(({ deployment, digest, confidence }) => [deployment, digest, confidence])).toEqual([
      ['checksum', BYTES, 'reported'],
      ['parts', null, 'unknown'],
      ['written', BYTES, 'declared'],
      ['huge', null, 'unknown'],
    ]);
    expect(seen[0]?.how).toBe(
      's3://models/checksum, version "3HL4kqtJlcpXroDTDmJ": named by the checksum of the store',
    );
    expect(site.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\//);
  });

  it('cannot be read where it is refused, and does not tell its keys', async () => {
    await using site = await startSite((_url, response) => void response.writeHead(403).end());
    const refused = look(
      sourceAt('s3', { endpoint: site.url, objects: [object('a', 'b')], ...keys('S3CRET') }),
    );
    await expect(refused).rejects.toThrow('was answered with 403: the credentials are refused');
    await expect(refused).rejects.not.toThrow('S3CRET');
  });

  it('leaves stale the one object of which the store says nothing', async () => {
    await using site = await startSite(
      (url, response) => void response.writeHead(url.pathname.endsWith('bad') ? 500 : 200).end(),
    );
    const objects = [object('good', 'good'), object('bad', 'bad')];
    const { observations, gaps } = await look(sourceAt('s3', { endpoint: site.url, objects }));
    expect(observations.map(({ deployment }) => deployment)).toEqual(['good']);
    expect(gaps.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^production\/bad: 127\.0\.0\.1:\d+\/models\/bad was answered with 500$/),
    ]);
  });
});
