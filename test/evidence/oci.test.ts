import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Artifact, digestOf, fileArtifact } from '../../src/domain/index.ts';
import { createOciPlace, type EvidenceFile, type EvidencePlace } from '../../src/evidence/index.ts';
import { tagOf } from '../../src/evidence/oci/manifest.ts';
import { describeWithPart } from '../support/parts.ts';
import { ACCOUNT, openTestRepository, startRegistry, type TestRegistry } from './registry.ts';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2+eu' };
/** A version with a plus, which no tag has. */
const TAG = tagOf(NAME);
const FILE = { ...NAME, artifact: fileArtifact(digestOf('the model')) };

function bundle(name: string, text: string): EvidenceFile {
  const content = Buffer.from(text);
  return {
    name,
    mediaType: BUNDLE,
    predicateType: 'https://slsa.dev/verification_summary/v1',
    createdAt: '2026-11-23T09:00:00.000Z',
    digest: digestOf(content),
    bytes: content.byteLength,
    content,
  };
}

describe('the tag of a model version', () => {
  it('is its name where that is plain', () => {
    expect(tagOf({ modelId: 'Fraud-detection.eu', modelVersion: '4.1.2-rc.1' })).toBe(
      'Fraud-detection.eu_4.1.2-rc.1',
    );
  });

  it('is of no other version, and always one that registries take', () => {
    const long = 'a'.repeat(128);
    const names: readonly (readonly [string, string])[] = [
      ...([
        ['m', '1+b'],
        ['m', '1_b'],
        ['m_1', 'b'],
        ['m', '1__b'],
      ] as const),
      ...([
        [long, '1'],
        [long, '2'],
        [long, `${long}+`],
        [`${long.slice(1)}_`, '1'],
      ] as const),
    ];
    const tags = names.map(([modelId, modelVersion]) => tagOf({ modelId, modelVersion }));
    expect(new Set(tags).size).toBe(names.length);
    for (const tag of tags) expect(tag).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
    expect(tags[0]).toMatch(/^m_1_b__[0-9a-f]{32}$/);
  });
});

describeWithPart('docker-registry', 'a real registry that deletes nothing', (program) => {
  it('keeps no list of its own: what was replaced is taken off the one under the fallback tag', async () => {
    await using server = await startRegistry(program, { deletes: false });
    const registry = openTestRepository(server, 'team/models');
    const place = createOciPlace('registry', registry);
    const [old, now] = [bundle('summary', '{"old":1}'), bundle('summary', '{"now":1}')];
    await place.put(FILE, old, null);
    const subject = digestOf((await registry.manifest(TAG))?.bytes ?? '');
    const [listed] = await registry.referrers(subject);
    expect(await place.put(FILE, now, old)).toBe(true);
    expect(await registry.manifest(listed?.digest ?? '')).not.toBeNull();
    expect(await place.read(FILE, old)).toBeNull();
    expect(await registry.referrers(subject)).toHaveLength(1);
  });
});

describeWithPart('docker-registry', 'a repository of a real registry', (program) => {
  let server: TestRegistry;
  let place: EvidencePlace;
  const open = (credentials: typeof ACCOUNT | null = ACCOUNT) =>
    openTestRepository(server, 'team/models', credentials);

  beforeAll(async () => {
    server = await startRegistry(program);
    place = createOciPlace('registry', open());
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('has each file refer to the artifact as cosign lays out bundles, under the fallback tag', async () => {
    const file = bundle('statements/one.sigstore.json', '{"a":1}');
    expect(await place.read(FILE, file)).toBeNull();
    await place.put(FILE, file, null);
    expect(await place.read(FILE, file)).toEqual(file.content);
    const standIn = await open().manifest(TAG);
    const subject = digestOf(standIn?.bytes ?? '');
    const index = await open().manifest(subject.replace(':', '-'));
    const { manifests } = JSON.parse(String(index?.bytes));
    expect(manifests).toMatchObject([
      {
        artifactType: BUNDLE,
        annotations: {
          'dev.sigstore.bundle.content': 'dsse-envelope',
          'dev.sigstore.bundle.predicateType': file.predicateType,
          'org.opencontainers.image.created': file.createdAt,
        },
      },
    ]);
    const referrer = JSON.parse(String((await open().manifest(manifests[0].digest))?.bytes));
    expect(referrer).toMatchObject({
      subject: { digest: subject },
      layers: [{ mediaType: BUNDLE, digest: file.digest }],
    });
  });

  it('lists a file once however often it is put, and one that took its place alone', async () => {
    const [old, now] = [bundle('summary', '{"old":1}'), bundle('summary', '{"now":1}')];
    await place.put(FILE, old, null);
    await place.put(FILE, old, null);
    expect(await place.put(FILE, now, old)).toBe(true);
    expect(await place.read(FILE, old)).toBeNull();
    expect(await place.read(FILE, now)).toEqual(now.content);
    const subject = digestOf((await open().manifest(TAG))?.bytes ?? '');
    expect(await open().referrers(subject)).toHaveLength(2);
  });

  it('publishes next to the manifest of an artifact that is in the registry, and nowhere else', async () => {
    const bytes = Buffer.from(
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
    );
    const digest = digestOf(bytes);
    const artifact: Artifact = {
      kind: 'oci',
      digest: digestOf('the weights'),
      equivalents: [{ scheme: 'oci_manifest', digest }],
    };
    const file = bundle('one', '{}');
    await expect(place.put({ ...NAME, artifact }, file, null)).rejects.toThrow(`no manifest ${digest}`);
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    await open().putManifest({ bytes, descriptor: { mediaType, digest, size: bytes.length } });
    await place.put({ ...NAME, artifact }, file, null);
    expect(await place.read({ ...NAME, artifact }, file)).toEqual(file.content);
    expect(await open().referrers(digest)).toMatchObject([
      { mediaType: expect.stringContaining('manifest') },
    ]);
  });

  it('asks for a token once, and says what is refused without a word of the password', async () => {
    const before = server.tokens();
    const registry = open();
    await registry.manifest('absent');
    await registry.manifest('absent');
    expect(server.tokens()).toBe(before + 1);
    const stranger = open({ username: 'publisher', password: 'wrong words' });
    const refused = await stranger.manifest('absent').catch((error) => error);
    expect(refused.code).toBe('forbidden');
    expect(String(refused.stack)).not.toContain('wrong words');
    await expect(open(null).manifest('absent')).rejects.toMatchObject({ code: 'forbidden' });
  });
});
