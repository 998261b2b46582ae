import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Receiver } from '@slack/bolt';

/** A way by which Slack reaches the bot. */
export interface Transport {
  readonly receiver: Receiver;
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** @throws Error when Slack has not reached us for a minute and could not have */
  ready(): Promise<void>;
}
