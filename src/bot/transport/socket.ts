import { SocketModeReceiver } from '@slack/bolt';
import type { Logger } from '../../domain/index.ts';
import { SECOND } from '../../lib/index.ts';
import type { VendorLogger } from '../../notify/index.ts';
import { reasonOf } from '../failure.ts';
import { refuse } from './http.ts';
import { keepLine, type LinePatience } from './line.ts';
import type { Transport } from './transport.ts';

/** What a Socket Mode connection takes. */
export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string | null;
  readonly logger: Logger;
  readonly vendorLogger: VendorLogger;
  readonly patience?: LinePatience;
}

/** Asking for a connection is tried again by us, and never for long. */
const CLIENT_OPTIONS = { retryConfig: { retries: 0 }, timeout: 10 * SECOND, rejectRateLimitedCalls: true };

/** Opens a WebSocket to Slack, for places that Slack cannot reach. */
export function socketTransport({ appToken, apiUrl, logger, ...options }: SocketOptions): Transport {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: options.vendorLogger,
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: { ...CLIENT_OPTIONS, ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }) },
    },
    // Otherwise an acknowledgement on a line that is gone would be a rejection that nobody handles.
    processEventErrorHandler: async ({ error }) => {
      logger.error('a Slack envelope could not be handled', { reason: reasonOf(error) });
      return false;
    },
  });
  guardMessages(receiver, logger);
  const line = keepLine(receiver.client, logger, options.patience);
  return {
    receiver,
    handleRequest: (request, response) => refuse(request, response, 404),
    start: line.start,
    stop: line.stop,
    ready: line.ready,
  };
}

/** The library reads messages in a promise that nobody waits for: one that it does not understand would end the process. */
function guardMessages({ client }: SocketModeReceiver, logger: Logger): void {
  const [read] = client.listeners('ws_message');
  if (read === undefined) return;
  client.removeAllListeners('ws_message');
  client.on('ws_message', async (...message: unknown[]) => {
    try {
      await read(...message);
    } catch (error) {
      logger.warn('a message of Slack was not understood', { reason: reasonOf(error) });
    }
  });
}
