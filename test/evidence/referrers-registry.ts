import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Digest, digestOf } from '../../src/domain/index.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const REPOSITORY = '/v2/team/models';

/** A registry that keeps the list of what refers to a manifest itself, as distribution-spec 1.1 has it. */
export interface ReferrersRegistry extends AsyncDisposable {
  readonly host: string;
  /** By digest and by tag. */
  readonly manifests: ReadonlyMap<string, { readonly type: string; readonly bytes: Buffer }>;
  /** Every request, as `GET /v2/…`. */
  readonly requests: readonly string[];
  /** Whether it lets manifests be deleted; else it answers 405. */
  deletes: boolean;
  /** Deletes a manifest as its owner does. */
  drop(digest: string): void;
}

/** Starts one on memory, whose pages hold one referrer each. Any request that the specification lacks is a 404. */
export async function startReferrersRegistry(): Promise<ReferrersRegistry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, { type: string; bytes: Buffer }>();
  const requests: string[] = [];
  const rules = { deletes: true };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://registry');
    requests.push(`${request.method} ${url.pathname}${url.search}`);
    const [, kind = '', name = ''] =
      /^\/(blobs|manifests|referrers)\/(.+)$/.exec(url.pathname.replace(REPOSITORY, '')) ?? [];
    const body = await bodyOf(request);
    if (request.method === 'DELETE' && !rules.deletes) response.writeHead(405).end();
    else if (kind === 'blobs') answerBlob(blobs, { request, url, name, body }, response);
    else if (kind === 'manifests') answerManifest(manifests, { request, name, body }, response);
    else if (kind === 'referrers') answerReferrers(manifests, { url, name }, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(rules, {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    manifests,
    requests,
    drop: (digest: string) => void manifests.delete(digest),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await request.toArray());
}

interface Asked {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly name: string;
  readonly body: Buffer;
}

function answerBlob(
  blobs: Map<string, Buffer>,
  { request, url, name, body }: Asked,
  response: ServerResponse,
) {
  if (request.method === 'POST') {
    response.writeHead(202, { location: `${REPOSITORY}/blobs/uploads/one?state=kept` }).end();
  } else if (request.method === 'PUT') {
    const digest = url.searchParams.get('digest') ?? '';
    const fits = digest === digestOf(body) && url.searchParams.get('state') === 'kept';
    if (fits) blobs.set(digest, body);
    response.writeHead(fits ? 201 : 400).end();
  } else {
    const blob = blobs.get(name);
    response.writeHead(blob === undefined ? 404 : 200).end(blob);
  }
}

type Manifests = Map<string, { type: string; bytes: Buffer }>;

function answerManifest(
  manifests: Manifests,
  { request, name, body }: Omit<Asked, 'url'>,
  response: ServerResponse,
) {
  if (request.method === 'PUT') {
    const manifest = { type: request.headers['content-type'] ?? '', bytes: body };
    for (const reference of [name, digestOf(body)]) manifests.set(reference, manifest);
    const subject = JSON.parse(String(body)).subject?.digest;
    response.writeHead(201, subject === undefined ? {} : { 'oci-subject': subject }).end();
  } else if (request.method === 'DELETE') {
    response.writeHead(manifests.delete(name) ? 202 : 404).end();
  } else {
    const found = manifests.get(name);
    response
      .writeHead(found === undefined ? 404 : 200, found && { 'content-type': found.type })
      .end(found?.bytes);
  }
}

function answerReferrers(
  manifests: Manifests,
  { url, name }: Pick<Asked, 'url' | 'name'>,
  response: ServerResponse,
) {
  const all = [...manifests].flatMap(([reference, { type, bytes }]) => {
    const { subject, artifactType, annotations } = JSON.parse(String(bytes));
    if (subject?.digest !== name || reference !== digestOf(bytes)) return [];
    return [{ mediaType: type, digest: reference as Digest, size: bytes.length, artifactType, annotations }];
  });
  const page = Number(url.searchParams.get('page') ?? 0);
  const headers: Record<string, string> = { 'content-type': INDEX };
  if (page + 1 < all.length) headers['link'] = `<${url.pathname}?page=${page + 1}>; rel="next"`;
  response
    .writeHead(200, headers)
    .end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: all.slice(page, page + 1) }));
}
