import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, fileArtifact } from '../../src/domain/index.ts';
import { createS3Place, type EvidenceFile, type EvidencePlace } from '../../src/evidence/index.ts';
import { openTestStore, startStore, type TestStore } from './store.ts';

const SUBJECT = {
  modelId: 'fraud-detection',
  modelVersion: '4.1.2',
  artifact: fileArtifact(digestOf('the model')),
};

function fileOf(name: string, text: string): EvidenceFile {
  const content = Buffer.from(text);
  const facts = {
    digest: digestOf(content),
    bytes: content.byteLength,
    createdAt: '2026-11-23T09:00:00.000Z',
  };
  return { name, mediaType: 'application/json', predicateType: null, content, ...facts };
}

describe('a bucket', () => {
  let store: TestStore;
  let place: EvidencePlace;

  beforeAll(async () => {
    store = await startStore('ml-governance');
    place = createS3Place({ name: 'bucket', url: 's3://ml-governance' }, openTestStore(store));
  });
  afterAll(() => store[Symbol.asyncDispose]());

  it('keeps a file under the model and its version, as anybody reads it', async () => {
    const file = fileOf('governance-record.json', '{"ä":1}');
    expect(await place.read(SUBJECT, file)).toBeNull();
    await place.put(SUBJECT, file, null);
    await place.put(SUBJECT, file, file);
    expect(await place.read(SUBJECT, file)).toEqual(file.content);
    const response = await fetch(
      `${store.endpoint}/ml-governance/fraud-detection/4.1.2/governance-record.json`,
    );
    expect(await response.text()).toBe('{"ä":1}');
  });

  it('reads no more of what stands there than tells that it differs', async () => {
    const file = fileOf('statements/one.json', '{}');
    await place.put(SUBJECT, fileOf('statements/one.json', `{}${' '.repeat(100_000)}`), null);
    expect(await place.read(SUBJECT, file)).toHaveLength(3);
    await place.remove(SUBJECT, file);
    await place.remove(SUBJECT, file);
    expect(await place.read(SUBJECT, file)).toBeNull();
  });

  it('says what went wrong without a word of keys', async () => {
    const absent = createS3Place({ name: 'b', url: 's3://absent/prefix' }, openTestStore(store));
    await expect(absent.put(SUBJECT, fileOf('a.json', '{}'), null)).rejects.toThrow(
      'PUT s3://absent/prefix/fraud-detection/4.1.2/a.json was answered with 404 (NoSuchBucket)',
    );
    const nowhere = openTestStore({ endpoint: 'http://127.0.0.1:9' });
    await expect(nowhere.get({ bucket: 'bucket', key: 'k' })).rejects.toThrow(
      '127.0.0.1:9 cannot be reached: ECONNREFUSED',
    );
  });
});
