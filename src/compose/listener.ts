import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/index.ts';
import { CountersignError } from '../domain/index.ts';

/** A listener that accepts requests. */
export interface Listener extends AsyncDisposable {
  readonly url: string;
}

/**
 * Opens the one HTTP listener of the process.
 * @throws CountersignError `unavailable` where the address cannot be had, with what to do about it
 */
export async function openListener(
  { listen: { host, port } }: Config,
  answer: RequestListener,
): Promise<Listener> {
  // Uploads of large artifacts take as long as they take.
  const server = createServer({ requestTimeout: 0 }, answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(unavailable(host, port, cause)));
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server), [Symbol.asyncDispose]: () => close(server) };
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

function unavailable(host: string, port: number, cause: NodeJS.ErrnoException): CountersignError {
  const fix =
    cause.code === 'EADDRINUSE'
      ? 'another program listens there: set listen.port in countersign.yaml (0 takes a free one)'
      : 'check listen.host and listen.port in countersign.yaml';
  return new CountersignError('unavailable', `cannot listen on ${host}:${port} (${cause.code}): ${fix}`, {
    cause,
  });
}
