import { SocketModeReceiver } from '@slack/bolt';
import { CountersignError, type Logger } from '../../domain/index.ts';
import { SECOND } from '../../lib/index.ts';
import type { VendorLogger } from '../../notify/index.ts';
import { refuse } from './http.ts';
import type { Transport } from './transport.ts';

/** What a Socket Mode connection takes. */
export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string | null;
  readonly logger: Logger;
  readonly vendorLogger: VendorLogger;
}

const PATIENCE = 15 * SECOND;

/** Opens a WebSocket to Slack, for places that Slack cannot reach. */
export function socketTransport(options: SocketOptions): Transport {
  const { appToken, apiUrl, vendorLogger } = options;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: vendorLogger,
    installerOptions: { clientOptions: apiUrl === null ? {} : { slackApiUrl: apiUrl } },
  });
  return {
    receiver,
    handleRequest: (request, response) => refuse(request, response, 404),
    start: () => connect(receiver, options.logger),
    stop: () => receiver.stop(),
  };
}

/** Waits for the connection, but not for ever: the rest of the process runs without it, and it is tried on. */
async function connect(receiver: SocketModeReceiver, logger: Logger): Promise<void> {
  const connecting = receiver.start().then(() => true);
  connecting.catch(() => {});
  const { promise: tired, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), PATIENCE);
  try {
    if (!(await Promise.race([connecting, tired])))
      logger.error('Slack is not connected yet; clicks will not arrive until it is', { mode: 'socket' });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it said nothing';
    throw new CountersignError('unavailable', `Slack refused the Socket Mode connection: ${why}`);
  } finally {
    clearTimeout(timer);
  }
}
