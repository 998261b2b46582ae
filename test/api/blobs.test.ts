import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Digest, digestOf } from '../../src/domain/index.ts';
import { listenWith } from './listening.ts';
import { type OpenApi, openApi, problemOf, UPLOAD_LIMIT } from './open-api.ts';

const MIB = 1024 * 1024;
let open: OpenApi;

beforeAll(async () => {
  open = await openApi();
});
afterAll(() => open[Symbol.asyncDispose]());

const put = (digest: string, body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
  open.ask(`/api/v1/blobs/${digest}`, { method: 'PUT', body, headers });
const head = (digest: string) => open.ask(`/api/v1/blobs/${digest}`, { method: 'HEAD' });
const filesLeft = async () =>
  (await readdir(open.blobFolder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );

/** So many times the same megabyte, made on demand, and its digest. */
function megabytes(count: number): { stream: ReadableStream<Uint8Array>; digest: Digest } {
  const chunk = Buffer.alloc(MIB, 'weights');
  const hash = createHash('sha256');
  for (let index = 0; index < count; index++) hash.update(chunk);
  let sent = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent++ === count) controller.close();
      else controller.enqueue(chunk);
    },
  });
  return { stream, digest: Digest.parse(`sha256:${hash.digest('hex')}`) };
}

describe('uploads', () => {
  it('stores bytes under their digest once, and says whether they are there', async () => {
    const bytes = Buffer.from('a model');
    const digest = digestOf(bytes);
    expect((await head(digest)).status).toBe(404);
    const first = await put(digest, bytes);
    expect(first.status).toBe(201);
    expect(await first.json()).toEqual({ digest, bytes: 7 });
    expect((await put(digest, bytes)).status).toBe(200);
    expect((await head(digest)).status).toBe(200);
    expect(await (await head(digest)).text()).toBe('');
  });

  it('stores the empty file', async () => {
    const response = await put(digestOf(''), Buffer.alloc(0));
    expect(await response.json()).toEqual({ digest: digestOf(''), bytes: 0 });
  });

  it('refuses other bytes than were announced, names both digests and keeps nothing', async () => {
    const before = (await filesLeft()).length;
    const announced = digestOf('the governed model');
    const response = await put(announced, 'another model');
    expect(response.status).toBe(422);
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ code: 'digest_mismatch', status: 422 });
    expect(problem.detail).toContain(announced);
    expect(problem.detail).toContain(digestOf('another model'));
    expect(problem.problems[0]?.fix).toMatch(/nothing was stored/);
    expect((await head(announced)).status).toBe(404);
    expect((await filesLeft()).length).toBe(before);
  });

  it('refuses more bytes than the limit, announced or not, and keeps nothing', async () => {
    const before = (await filesLeft()).length;
    const announced = await put(digestOf('x'), 'x', { 'content-length': String(UPLOAD_LIMIT + 1) });
    expect((await problemOf(announced)).code).toBe('too_large');
    const { stream, digest } = megabytes(UPLOAD_LIMIT / MIB + 1);
    const response = await put(digest, stream);
    expect(response.status).toBe(413);
    expect((await filesLeft()).length).toBe(before);
  });

  it('refuses a body with a Content-Encoding, and a digest that is none', async () => {
    const encoded = await put(digestOf('x'), 'x', { 'content-encoding': 'gzip' });
    expect([encoded.status, (await problemOf(encoded)).code]).toEqual([415, 'unsupported_media_type']);
    for (const digest of ['sha256:ABC', 'md5:00', '..%2f..%2fetc%2fpasswd', `sha256:${'0'.repeat(63)}%00`]) {
      const problem = await problemOf(await put(digest, 'x'));
      expect(problem.status).toBe(400);
      expect(problem.problems[0]).toMatchObject({ where: 'path digest' });
    }
  });

  it('answers GET with 405: bytes cannot be read here', async () => {
    const response = await open.ask(`/api/v1/blobs/${digestOf('a model')}`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('HEAD, PATCH, PUT');
  });

  it('takes 300 MB in flat memory, through a real server', { timeout: 120_000 }, async () => {
    await using server = await listenWith(open.api);
    const headers = { authorization: `Bearer ${await open.token(['submit'])}` };
    const upload = async (count: number) => {
      const { stream, digest } = megabytes(count);
      const init = { method: 'PUT', body: stream, headers, duplex: 'half' };
      const response = await fetch(`${server.url}/api/v1/blobs/${digest}`, init as RequestInit);
      expect(await response.json()).toEqual({ digest, bytes: count * MIB });
      return digest;
    };
    await upload(64);
    const before = process.memoryUsage().rss;
    let growth = 0;
    const sampler = setInterval(() => {
      growth = Math.max(growth, process.memoryUsage().rss - before);
    }, 20);
    const digest = await upload(300).finally(() => clearInterval(sampler));
    expect(growth).toBeLessThan(100 * MIB);
    expect((await head(digest)).status).toBe(200);
  });

  it('keeps nothing of an upload whose caller goes away, and takes no alarm', async () => {
    await using server = await listenWith(open.api);
    const token = await open.token(['submit']);
    const before = (await filesLeft()).length;
    const lines = open.log.length;
    const digest = digestOf('never sent whole');
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `PUT /api/v1/blobs/${digest} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Length: 1000\r\n\r\nhalf`,
    );
    await vi.waitFor(async () => expect((await filesLeft()).length).toBe(before + 1));
    socket.destroy();
    await vi.waitFor(async () => expect((await filesLeft()).length).toBe(before));
    await vi.waitFor(() => expect(open.log.length).toBeGreaterThan(lines));
    expect(open.log.slice(lines).map(({ level }) => level)).toEqual(['info']);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const before = (await filesLeft()).length;
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from('half of it')),
      pull: (controller) => controller.error(new Error('the line went dead')),
    });
    const response = await put(digestOf('half of it and the rest'), broken);
    expect(response.ok).toBe(false);
    expect((await filesLeft()).length).toBe(before);
  });

  const ADD = 'application/octet-stream';
  const add = (digest: string, offset: number, length: number, body: string, token?: string) =>
    open.ask(`/api/v1/blobs/${digest}`, {
      method: 'PATCH',
      body,
      headers: {
        'content-type': ADD,
        'upload-offset': `${offset}`,
        'upload-length': `${length}`,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  const offsetAt = async (digest: string) => (await head(digest)).headers.get('upload-offset');

  it('takes bytes in pieces, and goes on where the line broke', async () => {
    const text = 'first piece, second piece';
    const digest = digestOf(text);
    expect(await offsetAt(digest)).toBe('0');
    const first = await add(digest, 0, text.length, text.slice(0, 5));
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '5']);
    await using server = await listenWith(open.api);
    const socket = connect(server.port, '127.0.0.1');
    const token = await open.token(['submit']);
    socket.write(
      `PATCH /api/v1/blobs/${digest} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nUpload-Offset: 0\r\nUpload-Length: 25\r\nContent-Length: 25\r\n\r\nfirst p`,
    );
    const lines = open.log.length;
    await vi.waitFor(async () => expect((await filesLeft()).length).toBeGreaterThan(1), { timeout: 10_000 });
    socket.destroy();
    await vi.waitFor(() => expect(open.log.length).toBeGreaterThan(lines), { timeout: 10_000 });
    const wrong = await add(digest, 3, text.length, text.slice(3));
    expect([wrong.status, wrong.headers.get('upload-offset')]).toEqual([409, '5']);
    expect((await add(digest, 5, text.length, text.slice(5))).status).toBe(201);
    expect((await head(digest)).status).toBe(200);
    expect((await add(digest, 0, text.length, text)).status).toBe(200);
  });

  it('throws away pieces that are not what was announced, and stops at the length', async () => {
    const digest = digestOf('announced');
    expect((await add(digest, 0, 5, 'other')).status).toBe(422);
    expect(await offsetAt(digest)).toBe('0');
    expect((await add(digest, 0, 5, 'more than that')).status).toBe(413);
    expect((await add(digest, 0, 1e14, 'x')).status).toBe(413);
    const bad = await open.ask(`/api/v1/blobs/${digest}`, { method: 'PATCH', body: 'x' });
    expect(bad.status).toBe(400);
  });
});
