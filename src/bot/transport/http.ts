import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { VendorLogger } from '../../notify/index.ts';
import { isTimely } from './timestamp.ts';
import type { Transport } from './transport.ts';

/** Where Slack posts everything: interactions, commands and events. */
const REQUEST_PATH = '/slack/events';

const BODY_LIMIT = 1024 * 1024;

/** Takes Slack's signed requests from a listener that is not ours. */
export function httpTransport(signingSecret: string, logger: VendorLogger): Transport {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [REQUEST_PATH],
    bodyLimit: BODY_LIMIT,
    logger,
  });
  return {
    receiver,
    handleRequest: (request, response) => handle(receiver, request, response),
    // There is nothing to open or close: the listener belongs to the process.
    start: async () => {},
    stop: async () => {},
    ready: async () => {},
  };
}

function handle(receiver: HTTPReceiver, request: IncomingMessage, response: ServerResponse): void {
  try {
    if (isTimely(request, Date.now() / 1000)) receiver.requestListener(request, response);
    else refuse(request, response, 401);
  } catch {
    refuse(request, response, 404);
  }
}

/** Refuses a request without reading it. */
export function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  request.resume();
  response.writeHead(status, { 'content-length': 0 });
  response.end();
}
