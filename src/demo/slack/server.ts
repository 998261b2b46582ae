import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, serveApi } from './api.ts';
import { serveControl } from './control.ts';
import { SlackApiError } from './error.ts';
import { readBody, sendJson, sendText } from './http.ts';
import { isObject, parseJson } from './json.ts';
import { isLocalHost, type Page } from './page/index.ts';
import { useResponseUrl } from './response-urls.ts';
import type { SocketMode } from './socket/sockets.ts';
import { strikeBefore } from './strike.ts';

/** The running HTTP server. */
export interface RunningServer {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Starts the server on a free port of the loopback interface, or on `port`. */
export async function listen(
  api: Api,
  page: Page,
  sockets: Pick<SocketMode, 'accept'>,
  port: number,
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    serve(api, page, request, response).catch((error: unknown) => {
      console.error('The stand-in workspace failed:', error);
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'internal error');
    });
  });
  server.on('upgrade', (request, stream, early) => {
    // What a hasty client sent behind its request.
    stream.unshift(early);
    sockets.accept(request, stream);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${address.port}`, close: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  api: Api,
  page: Page,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://localhost');
  if (url === null) return sendText(response, 400, 'bad request');
  if (!isLocalHost(request)) return sendText(response, 421, 'This workspace answers to loopback names only');
  const method = /^\/api\/([A-Za-z.]+)$/.exec(url.pathname)?.[1];
  if (method !== undefined) return serveApi(api, method, request, response);
  if (/^\/(actions|commands)\//.test(url.pathname))
    return serveResponseUrl(api, url.pathname, request, response);
  if (url.pathname === '/control/faults') return serveControl(api.faults, request, response);
  if (!(await page.serve(url, request, response))) sendText(response, 404, 'not found');
}

async function serveResponseUrl(
  api: Api,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = parseJson((await readBody(request)) ?? '');
  const fault = api.faults.take('response_url');
  if (await strikeBefore(fault, response)) return;
  if (request.method !== 'POST' || !isObject(body)) return sendText(response, 400, 'invalid_payload');
  try {
    useResponseUrl(api.state, path, body);
    if (fault?.kind === 'cut_after') response.socket?.destroy();
    else sendText(response, 200, 'ok');
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    const gone = ['used_url', 'Expired url', 'invalid_url'].includes(error.code);
    sendJson(response, gone ? 404 : 400, { ok: false, error: error.code });
  }
}
