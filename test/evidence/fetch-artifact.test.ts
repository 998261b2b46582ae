import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Digest, digestOf, directoryArtifact, fileArtifact } from '../../src/domain/index.ts';
import {
  type ArtifactSource,
  createBlobStore,
  createFileSource,
  createHttpsSource,
  createOciSource,
  createS3Source,
  fetchArtifact,
} from '../../src/evidence/index.ts';
import { createOutbound } from '../../src/outbound/index.ts';
import { describeWithPart } from '../support/parts.ts';
import {
  ACCOUNT,
  openTestRepository,
  type PushedManifest,
  pushFiles,
  pushManifest,
  startRegistry,
  type TestRegistry,
} from './registry.ts';
import { KEYS, openTestStore, startStore } from './store.ts';
import { tar } from './tar-maker.ts';

const LOOPBACK = ['127.0.0.0/8', '::1'];
const MODEL = randomBytes(3_000_000);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-fetch-'));
});
afterAll(() => rm(folder, { recursive: true }));

const outboundTo = (...hosts: string[]) => createOutbound({ hosts, addresses: LOOPBACK, ca: null });

/** Fetches with a store of its own, or one that was used before. */
async function fetching(
  source: ArtifactSource,
  uri: string,
  {
    announced = null,
    limit = 1e8,
    store = join(folder, randomUUID()),
    id = 'a',
    signal = new AbortController().signal,
  }: { announced?: Digest | null; limit?: number; store?: string; id?: string; signal?: AbortSignal } = {},
) {
  const blobs = createBlobStore(store, randomUUID);
  const terms = { sources: [source], blobs, limit, patience: 60_000, signal };
  const progress: number[] = [];
  const fetched = await fetchArtifact(terms, { id, uri, announced }, ({ bytes }) =>
    progress.push(bytes),
  ).catch(async (error: unknown) => {
    await refuseHalves(store);
    throw error;
  });
  return { ...fetched, progress, blobs };
}

/** Whatever is stored is what its name says. */
async function refuseHalves(store: string): Promise<void> {
  const top = join(store, 'sha256');
  for (const name of await readdir(top, { recursive: true }).catch(() => []))
    if (name.includes('/')) expect(digestOf(await readFile(join(top, name)))).toBe(`sha256:${name.slice(3)}`);
}

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const source = (authorization: string | null = null) =>
    createHttpsSource(
      { name: 'web', from: `${origin}/released`, authorization: async () => authorization },
      outboundTo(origin),
    );
  return { origin, source };
}

/** Serves bytes with ranges, breaking each answer off after so many of them. */
function breaking(
  bytes: Buffer,
  after: number,
  etag: () => string | null,
  seen: (string | undefined)[] = [],
): RequestListener {
  return (request, response) => {
    seen.push(request.headers.range);
    const tag = etag();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const goesOn =
      from > 0 && (request.headers['if-range'] === undefined || request.headers['if-range'] === tag);
    const rest = goesOn ? bytes.subarray(from) : bytes;
    if (tag !== null) response.setHeader('etag', tag);
    if (goesOn) response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    response.writeHead(goesOn ? 206 : 200, { 'content-length': rest.length });
    if (rest.length <= after) response.end(rest);
    else response.write(rest.subarray(0, after), () => setImmediate(() => response.destroy()));
  };
}

describe('a web server', () => {
  it('is read with the credentials of its source, hashed as it comes', async () => {
    const { origin, source } = await serve((request, response) => {
      if (request.headers.authorization !== 'Bearer reader') response.writeHead(401).end();
      else response.end(MODEL);
    });
    const { artifact, bytes, progress, blobs } = await fetching(
      source('Bearer reader'),
      `${origin}/released/model.onnx`,
    );
    expect(artifact).toEqual(fileArtifact(digestOf(MODEL)));
    expect([bytes, progress.at(-1)]).toEqual([MODEL.length, MODEL.length]);
    expect((await readFile(await blobs.pathOf(artifact.digest))).equals(MODEL)).toBe(true);
    await expect(fetching(source('Bearer other'), `${origin}/released/m`)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('is gone on with where the connection broke, while the object stays the same', async () => {
    const seen: (string | undefined)[] = [];
    const { origin, source } = await serve(breaking(MODEL, 1_000_000, () => '"1"', seen));
    const { artifact } = await fetching(source(), `${origin}/released/m`);
    expect(artifact.digest).toBe(digestOf(MODEL));
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.slice(1).every((range) => range?.startsWith('bytes='))).toBe(true);
  });

  it('is read from the start again where the object changed meanwhile, or says nothing of that', async () => {
    let answers = 0;
    const other = Buffer.alloc(500_000, 'other');
    const { origin, source } = await serve((request, response) => {
      answers += 1;
      if (answers === 1) breaking(MODEL, 1_000_000, () => '"1"')(request, response);
      else breaking(other, 1e9, () => '"2"')(request, response);
    });
    expect((await fetching(source(), `${origin}/released/m`)).artifact.digest).toBe(digestOf(other));
    const silent = await serve((request, response) => {
      answers += 1;
      expect(request.headers.range).toBeUndefined();
      breaking(MODEL, answers % 2 === 1 ? 1000 : 1e9, () => null)(request, response);
    });
    expect((await fetching(silent.source(), `${silent.origin}/released/m`)).artifact.digest).toBe(
      digestOf(MODEL),
    );
  });

  it('is gone on with after the process died, where the digest is known', async () => {
    const store = join(folder, randomUUID());
    const dying = new AbortController();
    const seen: (string | undefined)[] = [];
    const stored = async () => {
      const [name = ''] = await readdir(join(store, 'incoming'));
      expect((await stat(join(store, 'incoming', name))).size).toBeGreaterThan(1_000_000);
    };
    let cut = true;
    const { origin, source } = await serve((request, response) => {
      seen.push(request.headers.range);
      if (!cut) return breaking(MODEL, 1e9, () => '"1"')(request, response);
      response.writeHead(200, { 'content-length': MODEL.length });
      response.write(MODEL.subarray(0, 1_500_000));
      void vi.waitFor(stored, { timeout: 20_000 }).then(() => dying.abort());
    });
    const wish = { announced: digestOf(MODEL), store };
    await expect(
      fetching(source(), `${origin}/released/m`, { ...wish, signal: dying.signal }),
    ).rejects.toThrow();
    cut = false;
    const { artifact } = await fetching(source(), `${origin}/released/m`, wish);
    expect(artifact.digest).toBe(digestOf(MODEL));
    expect(seen.at(-1)).toMatch(/^bytes=1\d{6}-$/);
    expect(await readdir(join(store, 'incoming'))).toEqual([]);
  });

  it('gives nothing but what was announced; both digests are told', async () => {
    const { origin, source } = await serve((_request, response) => response.end(MODEL));
    const announced = digestOf('another');
    const store = join(folder, randomUUID());
    const failing = fetching(source(), `${origin}/released/m`, { announced, store });
    await expect(failing).rejects.toMatchObject({
      code: 'digest_mismatch',
      message: expect.stringContaining(announced),
    });
    await expect(failing).rejects.toThrow(digestOf(MODEL));
    expect(await readdir(join(store, 'incoming'))).toEqual([]);
  });

  it('fails in words: absent, denied, too large, broken for good', async () => {
    const { origin, source } = await serve((request, response) => {
      const status = Number(request.url?.split('/').pop());
      if (status > 0) response.writeHead(status).end('secret words');
      else response.end(MODEL);
    });
    for (const [path, code] of [
      [404, 'not_found'],
      [403, 'forbidden'],
      [503, 'unavailable'],
      ['big', 'too_large'],
    ] as const) {
      const error = await fetching(source(), `${origin}/released/${path}`, { limit: 1000 }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ code });
      expect(String(error)).not.toContain('secret');
    }
  });

  it.each([
    '/other/m',
    '/releasedm',
    '/released/../other/m',
    '/released/%2e%2e/other/m',
    '/released/..%2fother',
    '/released%5c..%5cother',
  ])('is not read outside of its source: %s', async (path) => {
    const { origin, source } = await serve(() => expect.unreachable());
    await expect(fetching(source(), `${origin}${path}`)).rejects.toThrow(
      'no source under fetch.sources covers this URI',
    );
  });
});

describe('a shared folder', () => {
  it('gives files and directories, and nothing by a link', async () => {
    const root = join(folder, 'shared');
    await mkdir(join(root, 'llm/tokenizer'), { recursive: true });
    await writeFile(join(root, 'llm/weights.bin'), MODEL);
    await writeFile(join(root, 'llm/tokenizer/words.txt'), 'words');
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), join(root, 'link'));
    await symlink(folder, join(root, 'out'));
    const source = createFileSource({ name: 'shared', root });
    const files = [
      { name: 'weights.bin', digest: digestOf(MODEL) },
      { name: 'tokenizer/words.txt', digest: digestOf('words') },
    ];
    const { artifact, blobs } = await fetching(source, `file://${root}/llm/`);
    expect(artifact).toEqual(directoryArtifact(files, 'model.sig'));
    for (const { digest } of [artifact, ...files]) expect(await blobs.has(digest)).toBe(true);
    const one = await fetching(source, `file://${root}/llm/weights.bin`, { announced: digestOf(MODEL) });
    expect(one.artifact).toEqual(fileArtifact(digestOf(MODEL)));
    for (const path of [
      `${root}/link`,
      `${root}/out/secret`,
      `${root}/../secret`,
      folder,
      `${root}x`,
      `${root}/none`,
      '/proc/self/environ',
    ])
      await expect(fetching(source, `file://${path}`), path).rejects.toThrow(/covers|link|exist/);
  });
});

describe('a bucket', () => {
  it('gives an object, or all below a prefix, with keys of the source', async () => {
    await using store = await startStore('models');
    const location = { endpoint: store.endpoint, region: 'us-east-1' };
    const client = openTestStore(store);
    const objects = {
      'released/llm/weights.bin': MODEL,
      'released/llm/a + b/ä&.txt': Buffer.from('words'),
      'private/x': Buffer.from('x'),
    };
    for (const [key, bytes] of Object.entries(objects))
      await client.put({ bucket: 'models', key }, bytes, 'application/octet-stream');
    const source = createS3Source(
      { ...location, name: 'bucket', from: 's3://models/released', credentials: async () => KEYS },
      outboundTo(`http://${new URL(store.endpoint).host}`),
    );
    const { artifact } = await fetching(source, 's3://models/released/llm/');
    const files = [
      { name: 'weights.bin', digest: digestOf(MODEL) },
      { name: 'a + b/ä&.txt', digest: digestOf('words') },
    ];
    expect(artifact).toEqual(directoryArtifact(files, 'model.sig'));
    expect((await fetching(source, 's3://models/released/llm/weights.bin')).artifact.digest).toBe(
      digestOf(MODEL),
    );
    await expect(fetching(source, 's3://models/released/none')).rejects.toMatchObject({ code: 'not_found' });
    for (const uri of [
      's3://models/private/x',
      's3://others/released/x',
      's3://models/releasedx',
      's3://models',
    ])
      await expect(fetching(source, uri), uri).rejects.toThrow('covers this URI');
  });
});

describeWithPart('docker-registry', 'a repository of a real registry', (program) => {
  let server: TestRegistry;
  const repository = () => `oci://${server.host}/team/models`;
  const registry = () => openTestRepository(server, 'team/models');
  const source = (credentials: typeof ACCOUNT | null = ACCOUNT) =>
    createOciSource(
      {
        name: 'registry',
        from: `oci://${server.host}/team`,
        plainHttp: true,
        credentials: async () => credentials,
      },
      outboundTo(`http://${server.host}`, `http://${new URL(server.realm).host}`),
    );
  beforeAll(async () => {
    server = await startRegistry(program);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const push = (files: Readonly<Record<string, Buffer>>, tag: string) => pushFiles(registry(), files, tag);
  const put = (manifest: PushedManifest, tag: string) => pushManifest(registry(), manifest, tag);

  it('gives an artifact by digest or tag: digests of the manifest and of the file are both known', async () => {
    const manifest = await push({ 'model.onnx': MODEL }, 'one');
    const known = { ...fileArtifact(digestOf(MODEL)), kind: 'oci' };
    for (const reference of [`@${manifest}`, ':one', `:one@${manifest}`])
      for (const announced of [null, manifest, digestOf(MODEL)])
        expect((await fetching(source(), `${repository()}${reference}`, { announced })).artifact).toEqual({
          ...known,
          equivalents: [...known.equivalents, { scheme: 'oci_manifest', digest: manifest }],
        });
    await expect(fetching(source(), `${repository()}:one`, { announced: digestOf('x') })).rejects.toThrow(
      new RegExp(`${digestOf(MODEL)} \\(manifest ${manifest}\\)`),
    );
  });

  it('gives several files as a directory, each by its own digest', async () => {
    const manifest = await push(
      { 'weights.bin': MODEL, 'tokenizer/words.txt': Buffer.from('words') },
      'several',
    );
    const { artifact, blobs } = await fetching(source(), `${repository()}@${manifest}`);
    const files = [
      { name: 'weights.bin', digest: digestOf(MODEL) },
      { name: 'tokenizer/words.txt', digest: digestOf('words') },
    ];
    const { digest, equivalents } = directoryArtifact(files, 'model.sig');
    expect(artifact).toEqual({
      kind: 'oci',
      digest,
      equivalents: [...equivalents, { scheme: 'oci_manifest', digest: manifest }],
    });
    for (const file of files) expect(await blobs.has(file.digest)).toBe(true);
  });

  /** An image as builders push it: layers by their media type. */
  const LAYER = 'application/vnd.oci.image.layer.v1.tar';
  const pushLayers = async (
    layers: Readonly<Record<string, Buffer>>,
    tag: string,
    annotations: Readonly<Record<string, string>> = {},
  ) => {
    for (const content of [Buffer.from('{}'), ...Object.values(layers)]) await registry().putBlob(content);
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf('{}'), size: 2 };
    const described = Object.entries(layers).map(([type, content]) => ({
      mediaType: type,
      digest: digestOf(content),
      size: content.length,
      annotations,
    }));
    return put({ schemaVersion: 2, mediaType, config, layers: described }, tag);
  };

  it('gives the models of an image as a directory: digests of the manifest and of the directory are both known', async () => {
    const base = tar([
      { name: 'bin/sh', type: '2' },
      { name: 'models/weights.bin', data: 'old' },
    ]);
    const layer = tar([
      { name: 'models/weights.bin', data: MODEL },
      { name: 'models/tokenizer/words.txt', data: 'words' },
    ]);
    const manifest = await pushLayers({ [LAYER]: base, [`${LAYER}+gzip`]: gzipSync(layer) }, 'modelcar');
    const { artifact, blobs } = await fetching(source(), `${repository()}@${manifest}`, {
      announced: manifest,
    });
    const files = [
      { name: 'weights.bin', digest: digestOf(MODEL) },
      { name: 'tokenizer/words.txt', digest: digestOf('words') },
    ];
    const { digest, equivalents } = directoryArtifact(files, 'model.sig');
    const also = { scheme: 'oci_manifest', digest: manifest };
    expect(artifact).toEqual({ kind: 'oci', digest, equivalents: [...equivalents, also] });
    expect(await readFile(await blobs.pathOf(digest), 'utf8')).toMatch(
      /tokenizer\/words\.txt\n.*weights\.bin\n$/,
    );
    for (const file of files) expect(await blobs.has(file.digest)).toBe(true);
    await expect(
      fetching(source(), `${repository()}@${manifest}`, { limit: MODEL.length }),
    ).rejects.toMatchObject({
      code: 'too_large',
    });
  });

  it('unpacks what ORAS packed, and takes as they are the files that it pushes as layers', async () => {
    const packed = tar([{ name: 'model/a.txt', data: 'a' }]);
    await pushLayers({ [`${LAYER}+gzip`]: gzipSync(packed) }, 'folder', {
      'org.opencontainers.image.title': 'model',
      'io.deis.oras.content.unpack': 'true',
    });
    const { artifact } = await fetching(source(), `${repository()}:folder`);
    expect(artifact.digest).toBe(directoryArtifact([{ name: 'model/a.txt', digest: digestOf('a') }]).digest);
    await pushLayers({ [LAYER]: MODEL }, 'plain', { 'org.opencontainers.image.title': 'model.onnx' });
    expect((await fetching(source(), `${repository()}:plain`)).artifact.digest).toBe(digestOf(MODEL));
  });

  it('asks which platform of a list is meant', async () => {
    const [amd, arm] = [
      await push({ m: Buffer.from('amd') }, 'amd'),
      await push({ m: Buffer.from('arm') }, 'arm'),
    ];
    const of = (digest: Digest, architecture: string) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size: 1,
      platform: { os: 'linux', architecture },
    });
    await put(
      {
        mediaType: 'application/vnd.oci.image.index.v1+json',
        schemaVersion: 2,
        manifests: [of(amd, 'amd64'), of(arm, 'arm64')],
      } as never,
      'list',
    );
    await expect(fetching(source(), `${repository()}:list`)).rejects.toThrow(
      'one of linux/amd64, linux/arm64',
    );
    const { artifact } = await fetching(source(), `${repository()}:list?platform=linux/arm64`);
    expect(artifact.digest).toBe(digestOf('arm'));
  });

  it('fails in words', async () => {
    await expect(fetching(source(), `${repository()}@${digestOf('none')}`)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(fetching(source(null), `${repository()}:one`)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(fetching(source(), `${repository()}`)).rejects.toMatchObject({ code: 'invalid_input' });
    await pushLayers({ [`${LAYER}+gzip`]: MODEL }, 'damaged');
    await expect(fetching(source(), `${repository()}:damaged`)).rejects.toThrow('is no whole gzip data');
    await pushLayers({ [`${LAYER}+gzip+encrypted`]: MODEL }, 'encrypted');
    await expect(fetching(source(), `${repository()}:encrypted`)).rejects.toThrow('cannot be unpacked');
    await push({ '../../etc/cron.d/x': MODEL }, 'hostile');
    await expect(fetching(source(), `${repository()}:hostile`)).rejects.toThrow('is no name of a file');
  });
});
