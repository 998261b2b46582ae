import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger, Processor, Processors } from '../domain/index.ts';
import { personNamer, type SlackClient, vendorLogger } from '../notify/index.ts';
import {
  type ApprovalContext,
  type Inbox,
  type JudgeContext,
  type ProvenContext,
  sealedDirectory,
} from '../services/index.ts';
import type { BoltApp } from './app.ts';
import type { BotContext } from './context.ts';
import { createCourier } from './courier.ts';
import { slackProcessors } from './processors/index.ts';
import { followGroups } from './roles.ts';
import type { BotSettings } from './settings.ts';
import type { Transport } from './transport/transport.ts';

/** What a bot is made of. */
export interface BotDependencies {
  readonly context: ApprovalContext & JudgeContext & ProvenContext;
  /** Keeps what people do until it is answered. */
  readonly inbox: Inbox;
  readonly slack: SlackClient;
  readonly settings: BotSettings;
  readonly logger: Logger;
}

/** The bot of one workspace. */
export interface Bot {
  /** Takes a request of Slack's (`/slack/events`) from the process's one listener; the body must be unread. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  /** Makes the bot ready for requests; in Socket Mode, connects. @throws CountersignError `unavailable` */
  start(): Promise<void>;
  /** Takes nothing more, and waits for what is under way. */
  stop(): Promise<void>;
  /** Throws, and says why, while clicks cannot arrive; null where Slack comes to us, and only Slack knows. */
  readonly ready: (() => Promise<void>) | null;
  /** For the workers of the queues `answers` and `slack`. */
  readonly processors: Processors;
  /** Brings the cards up to date that are behind by now, and returns when none is; once started it does so by itself. */
  deliver(): Promise<void>;
}

interface Running {
  readonly app: BoltApp;
  readonly transport: Transport;
}

/** What runs whether or not anybody can click. */
type Following = ReturnType<typeof followGroups>;

/** Makes a bot; nothing happens before `start`. */
export function createBot({ context, inbox, slack, settings, logger }: BotDependencies): Bot {
  const nameOf = personNamer(context.directory, settings.team);
  const directory = sealedDirectory(context.directory, context, ({ person, role, group }) =>
    logger.error('a role is refused: the database has it, and this bot did not learn it from Slack', {
      ...{ person, role, group },
    }),
  );
  const services = { ...context, directory };
  const ctx: BotContext = { services, inbox, slack, settings, logger, nameOf };
  const courier = createCourier(ctx);
  let running: Running | null = null;
  let following: Following | null = null;
  return {
    processors: politely(ctx, slackProcessors(ctx), courier.wake),
    deliver: () => courier.deliver(),
    ready: settings.transport?.kind === 'socket' ? async () => running?.transport.ready() : null,
    handleRequest: (request, response) => {
      if (running === null) unavailable(request, response);
      else running.transport.handleRequest(request, response);
    },
    start: async () => {
      following ??= followGroups(ctx);
      running ??= await open(ctx);
      await running?.transport.start();
      courier.start();
    },
    stop: async () => {
      const stopped = running;
      running = null;
      await stopped?.transport.stop();
      await following?.stop();
      following = null;
      await stopped?.app.settle();
      await courier.stop();
    },
  };
}

/** Jobs wait for clicks to be kept, and may leave cards behind the state that they show. */
function politely({ inbox }: BotContext, processors: Processors, wake: () => void): Processors {
  const all = Object.entries(processors).map(([name, process]): [string, Processor] => [
    name,
    async (payload) => {
      await inbox.quiet();
      await process(payload);
      wake();
    },
  ]);
  return Object.fromEntries(all);
}

/** Loads the library only where there is something to listen to. */
async function open(ctx: BotContext): Promise<Running | null> {
  const { transport, botToken, apiUrl } = ctx.settings;
  if (transport === null) return null;
  const secret = transport.kind === 'http' ? transport.signingSecret : transport.appToken;
  const quiet = vendorLogger(ctx.logger, [botToken, secret]);
  const { createApp, httpTransport, socketTransport } = await import('./bolt.ts');
  const way =
    transport.kind === 'http'
      ? httpTransport(transport.signingSecret, quiet)
      : socketTransport({ appToken: transport.appToken, apiUrl, logger: ctx.logger, vendorLogger: quiet });
  return { transport: way, app: createApp(ctx, way.receiver, quiet) };
}

function unavailable(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(503, { 'content-length': 0, 'retry-after': '5' });
  response.end();
}
