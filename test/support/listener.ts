import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server on loopback that keeps what it hears, and answers as a test says. */
export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly heard: Heard[];
  /** The status of the next answers; null for none at all. */
  status: number | null;
}

/** Listens on a free port. */
export async function listenForPosts(): Promise<Listening> {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    heard.push({ path: request.url ?? '', headers: request.headers, body });
    if (listening.status !== null)
      response.writeHead(listening.status, { location: 'http://127.0.0.1:1/' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const listening: Listening = {
    url: `http://127.0.0.1:${port}/hook`,
    heard,
    status: 200,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return listening;
}
