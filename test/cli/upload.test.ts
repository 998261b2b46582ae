import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hashFile } from '../../src/artifact/index.ts';
import { putBlob } from '../../src/cli/client/upload.ts';
import { listenWith } from '../api/listening.ts';
import { openApi } from '../api/open-api.ts';

const MIB = 1024 * 1024;

/** A way to a port that breaks, so often, once half a megabyte has gone through a connection. */
async function brittleWay(port: number, times: number): Promise<string> {
  let left = times;
  const way = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    let passed = 0;
    client.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (left === 0 || passed < MIB / 2) return;
      left--;
      client.destroy();
      server.destroy();
    });
    for (const end of [client, server]) end.on('error', () => {});
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void way.close());
  return `http://127.0.0.1:${(way.address() as AddressInfo).port}`;
}

it('an upload goes on where the line broke', async () => {
  await using open = await openApi();
  await using server = await listenWith(open.api);
  const folder = await mkdtemp(join(tmpdir(), 'countersign-upload-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'model.onnx');
  await writeFile(path, Buffer.alloc(4 * MIB, 'weights'));
  const { digest, bytes } = await hashFile(path);
  const way = { origin: await brittleWay(server.port, 3), token: await open.token(['submit']) };
  const begins: number[] = [];
  let before = Number.POSITIVE_INFINITY;
  await putBlob(
    way,
    { path, digest, bytes },
    (sent) => {
      if (sent < before) begins.push(sent);
      before = sent;
    },
    1,
  );
  expect((await open.ask(`/api/v1/blobs/${digest}`, { method: 'HEAD' })).status).toBe(200);
  expect(before).toBe(bytes);
  expect(begins.length).toBeGreaterThan(1);
  expect(begins.at(-1)).toBeGreaterThan(MIB / 4);
});
