import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Artifact, digestOf, fileArtifact } from '../../src/domain/index.ts';
import {
  createOciPlace,
  type EvidenceFile,
  type EvidencePlace,
  openRegistry,
} from '../../src/evidence/index.ts';
import { describeWithPart } from '../support/parts.ts';
import { ACCOUNT, startRegistry, type TestRegistry } from './registry.ts';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2+eu' };
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

describeWithPart('docker-registry', 'a repository of a real registry', (program) => {
  let server: TestRegistry;
  let place: EvidencePlace;
  const open = (credentials: typeof ACCOUNT | null = ACCOUNT) =>
    openRegistry(`oci://${server.host}/team/models`, { credentials, plainHttp: true });

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
    const standIn = await open().manifest('fraud-detection_4.1.2_eu');
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
    await place.put(FILE, now, old);
    expect(await place.read(FILE, old)).toBeNull();
    expect(await place.read(FILE, now)).toEqual(now.content);
    const subject = digestOf((await open().manifest('fraud-detection_4.1.2_eu'))?.bytes ?? '');
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
