import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, fileArtifact } from '../../src/domain/index.ts';
import { createOciPlace, type EvidenceFile, type EvidencePlace } from '../../src/evidence/index.ts';
import { type ReferrersRegistry, startReferrersRegistry } from './referrers-registry.ts';
import { openTestRepository } from './registry.ts';

const SUBJECT = {
  modelId: 'fraud-detection',
  modelVersion: '4.1.2',
  artifact: fileArtifact(digestOf('the model')),
};

function fileOf(name: string, text: string): EvidenceFile {
  const content = Buffer.from(text);
  return {
    ...{ name, content, digest: digestOf(content), bytes: content.byteLength },
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    predicateType: 'https://slsa.dev/verification_summary/v1',
    createdAt: '2026-11-23T09:00:00.000Z',
  };
}

describe('a repository of a registry that knows what refers to a manifest', () => {
  let server: ReferrersRegistry;
  let place: EvidencePlace;
  const open = () => openTestRepository(server, 'team/models', null);
  const subject = () => digestOf(server.manifests.get('fraud-detection_4.1.2')?.bytes ?? '');

  beforeAll(async () => {
    server = await startReferrersRegistry();
    place = createOciPlace('registry', open());
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('leaves the list to the registry, writes no fallback tag, and reads every page of it', async () => {
    const files = ['one', 'two', 'three'].map((name) => fileOf(name, `{"${name}":1}`));
    for (const file of files) await place.put(SUBJECT, file, null);
    for (const file of files) expect(await place.read(SUBJECT, file)).toEqual(file.content);
    expect(await open().referrers(subject())).toHaveLength(3);
    expect(server.requests).toContain(`GET /v2/team/models/referrers/${subject()}?page=2`);
    const tag = subject().replace(':', '-');
    expect(server.requests.filter((request) => request.endsWith(tag))).toEqual([]);
  });

  it('takes what was replaced off the list', async () => {
    const [old, now] = [fileOf('summary', '{"old":1}'), fileOf('summary', '{"now":1}')];
    await place.put(SUBJECT, old, null);
    expect(await place.put(SUBJECT, now, old)).toBe(true);
    expect(await place.read(SUBJECT, old)).toBeNull();
    expect(await place.read(SUBJECT, now)).toEqual(now.content);
    expect(await open().referrers(subject())).toHaveLength(4);
    expect([...server.manifests.keys()].some((name) => name.startsWith('sha256-'))).toBe(false);
  });

  it('says of what may not be deleted that it still stands', async () => {
    const [old, now] = [fileOf('verdict', '{"old":1}'), fileOf('verdict', '{"now":1}')];
    await place.put(SUBJECT, old, null);
    server.deletes = false;
    expect(await place.put(SUBJECT, now, old)).toBe(false);
    expect(await place.remove(SUBJECT, now)).toBe(false);
    expect(await place.read(SUBJECT, old)).toEqual(old.content);
    server.deletes = true;
    for (const file of [old, now]) expect(await place.remove(SUBJECT, file)).toBe(true);
    expect(await place.read(SUBJECT, old)).toBeNull();
  });
});
