import { createServer } from 'node:net';
import { createEmulator } from 'emulate';
import { createS3Client, type S3Client } from '../../src/evidence/index.ts';
import { createOutbound } from '../../src/outbound/index.ts';

/** Keys that every store of a test takes. */
export const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a secret', sessionToken: null };

/** An object store that speaks S3. */
export interface TestStore extends AsyncDisposable {
  readonly endpoint: string;
}

/** Starts an object store with an empty bucket. */
export async function startStore(bucket: string): Promise<TestStore> {
  const emulator = await createEmulator({
    service: 'aws',
    port: await freePort(),
    seed: { aws: { s3: { buckets: [{ name: bucket }] } } },
  });
  return { endpoint: emulator.url, [Symbol.asyncDispose]: () => emulator.close() };
}

/** A client for a store at an address of this machine, which it alone may connect to. */
export function openTestStore({ endpoint }: Pick<TestStore, 'endpoint'>, credentials = KEYS): S3Client {
  const { send } = createOutbound({ hosts: [endpoint], addresses: ['127.0.0.0/8'], ca: null });
  return createS3Client({ endpoint, region: 'us-east-1' }, { credentials, send });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
