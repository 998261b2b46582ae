import { expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { ACCOUNT, openTestRepository, startRegistry, type TestRegistry } from '../evidence/registry.ts';
import { describeWithPart } from '../support/parts.ts';
import { look, observed } from './look.ts';
import { sourceAt } from './site.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Puts an image of these bytes under a tag; the digest of its manifest. */
async function push(server: TestRegistry, tag: string, bytes: string) {
  const registry = openTestRepository(server, 'team/fraud');
  const layer = Buffer.from(bytes);
  const empty = Buffer.from('{}');
  for (const blob of [layer, empty]) await registry.putBlob(blob);
  const descriptor = (content: Buffer, mediaType: string) => ({
    ...{ mediaType, digest: digestOf(content), size: content.length },
  });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: descriptor(empty, 'application/vnd.oci.empty.v1+json'),
      layers: [descriptor(layer, 'application/octet-stream')],
    }),
  );
  await registry.putManifest({ bytes: manifest, descriptor: descriptor(manifest, MANIFEST) }, { tag });
  return digestOf(manifest);
}

describeWithPart('docker-registry', 'a source of type oci, with a real registry', (program) => {
  it('follows tags, says which are not there, and keeps apart what it cannot reach', async () => {
    await using registry = await startRegistry(program);
    const image = (name: string, tag: string, host = registry.host) => ({
      ...{ name, environment: 'production', model_id: 'fraud', repository: `oci://${host}/team/fraud`, tag },
    });
    const realm = new URL(registry.realm).host;
    const settings = (images: object[], password = ACCOUNT.password) => ({
      ...{ images, plain_http: true, allow_hosts: [`http://${realm}`] },
      ...{ username: ACCOUNT.username, password: { file: password } },
    });
    const first = await push(registry, 'v4.1.2', 'weights');
    const source = sourceAt('oci', settings([image('eu', 'v4.1.2'), image('us', 'v9')]));
    expect(await observed(source)).toEqual([
      {
        ...{
          deployment: 'eu',
          environment: 'production',
          modelId: 'fraud',
          modelVersion: '4.1.2',
          replicas: 1,
        },
        ...{ digest: first, confidence: 'reported' },
        how: `the tag "v4.1.2" of oci://${registry.host}/team/fraud points at it`,
      },
      expect.objectContaining({ deployment: 'us', digest: null, confidence: 'unknown' }),
    ]);
    const moved = await push(registry, 'v4.1.2', 'other weights');
    expect((await observed(source))[0]?.digest).toBe(moved);

    const away = sourceAt('oci', settings([image('eu', 'v4.1.2'), image('far', 'v1', '127.0.0.1:1')]));
    const { observations, gaps } = await look(away);
    expect(observations.map(({ deployment }) => deployment)).toEqual(['eu']);
    expect(gaps[0]?.reason).toBe('production/far: 127.0.0.1:1 cannot be reached: ECONNREFUSED');
    expect(gaps[0]?.covers({ environment: 'production', deployment: 'far' })).toBe(true);

    const refused = look(sourceAt('oci', settings([image('eu', 'v4.1.2')], 'S3CRET')));
    await expect(refused).rejects.toThrow('answered with 401');
    await expect(refused).rejects.not.toThrow('S3CRET');
    const unallowed = sourceAt('oci', { ...settings([image('eu', 'v4.1.2')]), allow_addresses: [] });
    await expect(look(unallowed)).rejects.toThrow('no rule allows that');
  });
});
