import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSources, type InventorySource } from '../../src/inventory/index.ts';
import { TOOLS } from './cluster.ts';

/** A place with an HTTP API of a test. */
export interface TestSite extends AsyncDisposable {
  readonly url: string;
  /** Requests, as method, path and query. */
  readonly asked: string[];
  /** Credentials with which it was asked last. */
  authorization: string | undefined;
  answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void;
  stop(): Promise<void>;
}

export async function startSite(answer: TestSite['answer']): Promise<TestSite> {
  const state = { asked: [] as string[], authorization: undefined as string | undefined, answer };
  const server = createServer((request, response) => {
    state.asked.push(`${request.method} ${request.url}`);
    state.authorization = request.headers.authorization;
    state.answer(new URL(request.url ?? '', 'http://site'), response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { url, stop, [Symbol.asyncDispose]: stop });
}

/** A source of a type that looks at a place on this machine, as the test allows it. */
export function sourceAt(type: string, settings: Record<string, unknown>): InventorySource {
  const entry = { type, name: 'here', allow_addresses: ['127.0.0.1'], ...settings };
  const [source] = createSources([entry], TOOLS);
  if (source === undefined) throw new Error('no source was made');
  return source;
}
