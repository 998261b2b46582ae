import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Api } from '../../src/api/index.ts';

/** The API behind a real listener on a free port of loopback. */
export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

export async function listenWith(api: Pick<Api, 'nodeListener'>, at = 0): Promise<Listening> {
  const server = createServer((request, response) => void api.nodeListener(request, response));
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, port, [Symbol.asyncDispose]: close };
}
