import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestOf } from '../../src/domain/index.ts';
import { openRegistry } from '../../src/evidence/index.ts';
import { createOutbound } from '../../src/outbound/index.ts';

/** What speaks to it. */
export type RegistryClient = ReturnType<typeof openRegistry>;

export const ACCOUNT = { username: 'publisher', password: 'a password of the registry' };

/** A registry of a test's own, which gives tokens to one account. */
export interface TestRegistry extends AsyncDisposable {
  /** Its host and port. */
  readonly host: string;
  /** Where tokens are given. */
  readonly realm: string;
  /** How many tokens were given. */
  tokens(): number;
}

/** Starts Debian's registry on memory, behind a server of tokens. */
export async function startRegistry(program: string, { deletes = true } = {}): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-registry-'));
  const subject = ['-subj', '/CN=tokens', '-keyout', 'key.pem', '-out', 'cert.pem'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], {
    cwd: folder,
    stdio: 'ignore',
  });
  let given = 0;
  const issue = await issuer(folder);
  const tokens = await listen((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://tokens');
    const basic = `Basic ${btoa(`${ACCOUNT.username}:${ACCOUNT.password}`)}`;
    if (request.headers.authorization !== basic) {
      response.writeHead(401).end();
      return;
    }
    given++;
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ token: issue(searchParams) }));
  });
  const realm = `http://127.0.0.1:${portOf(tokens)}/token`;
  const port = await freePort();
  await writeFile(join(folder, 'config.yml'), settings({ port, realm, folder, deletes }));
  const server = spawn(program, ['serve', 'config.yml'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((ready, fail) => {
    server.stderr.on('data', (chunk: Buffer) => String(chunk).includes('listening on') && ready());
    server.once('exit', (code) => fail(new Error(`docker-registry ended with ${code}`)));
  });
  return {
    host: `127.0.0.1:${port}`,
    realm,
    tokens: () => given,
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await gone;
      tokens.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Settings {
  readonly port: number;
  readonly realm: string;
  readonly folder: string;
  readonly deletes: boolean;
}

function settings({ port, realm, folder, deletes }: Settings): string {
  return JSON.stringify({
    version: 0.1,
    log: { level: 'info' },
    storage: { inmemory: {}, delete: { enabled: deletes } },
    http: { addr: `127.0.0.1:${port}` },
    auth: {
      token: { realm, service: 'registry', issuer: 'tests', rootcertbundle: join(folder, 'cert.pem') },
    },
  });
}

/** Makes tokens as the registry believes them: signed by the key of its certificate, for what was asked. */
async function issuer(folder: string): Promise<(asked: URLSearchParams) => string> {
  const key = createPrivateKey(await readFile(join(folder, 'key.pem')));
  const certificate = new X509Certificate(await readFile(join(folder, 'cert.pem')));
  const header = { typ: 'JWT', alg: 'RS256', x5c: [certificate.raw.toString('base64')] };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return (asked) => {
    const now = Math.floor(Date.now() / 1000);
    const access = asked.getAll('scope').map((scope) => {
      const [type, name, actions = ''] = scope.split(':');
      return { type, name, actions: actions.split(',') };
    });
    const about = { iss: 'tests', aud: 'registry', sub: ACCOUNT.username, jti: randomUUID() };
    const signed = `${part(header)}.${part({ ...about, nbf: now - 5, iat: now, exp: now + 300, access })}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  };
}

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = await listen(() => {});
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Opens a repository of a test's registry. */
export function openTestRepository(
  { host, realm }: { readonly host: string; readonly realm?: string },
  name: string,
  credentials: typeof ACCOUNT | null = ACCOUNT,
): RegistryClient {
  const hosts = [`http://${host}`, ...(realm === undefined ? [] : [new URL(realm).origin])];
  const { send } = createOutbound({ hosts, addresses: ['127.0.0.0/8'], ca: null });
  return openRegistry(`oci://${host}/${name}`, { credentials, plainHttp: true, send });
}

/** A manifest as it is pushed. */
export type PushedManifest = Record<string, unknown> & { readonly mediaType: string };

/** Pushes files as ORAS lays them out; the manifest's digest. */
export async function pushFiles(
  registry: RegistryClient,
  files: Readonly<Record<string, Buffer>>,
  tag: string,
): Promise<Digest> {
  const empty = Buffer.from('{}');
  for (const content of [empty, ...Object.values(files)]) await registry.putBlob(content);
  const describe = (content: Buffer, title?: string) => ({
    mediaType: 'application/octet-stream',
    digest: digestOf(content),
    size: content.length,
    ...(title === undefined ? {} : { annotations: { 'org.opencontainers.image.title': title } }),
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: 'application/vnd.example.model',
    config: { ...describe(empty), mediaType: 'application/vnd.oci.empty.v1+json' },
    layers: Object.entries(files).map(([title, content]) => describe(content, title)),
  };
  return pushManifest(registry, manifest, tag);
}

/** Pushes a manifest whose blobs are there; its digest. */
export async function pushManifest(
  registry: RegistryClient,
  manifest: PushedManifest,
  tag: string,
): Promise<Digest> {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const descriptor = { mediaType: manifest.mediaType, digest: digestOf(bytes), size: bytes.length };
  await registry.putManifest({ bytes, descriptor }, { tag });
  return descriptor.digest;
}
