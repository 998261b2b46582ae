import { App, type Receiver } from '@slack/bolt';
import type { VendorLogger } from '../notify/index.ts';
import { troubleNote } from '../notify/index.ts';
import { noteForeign } from '../services/index.ts';
import type { BotContext } from './context.ts';
import { reasonOf } from './failure.ts';
import { type Acknowledge, LISTENERS, type Listener } from './listeners/index.ts';
import { acknowledgeAfter } from './listeners/listener.ts';
import { atHome, type Provenance, provenanceOf, senderOf } from './origin.ts';
import { readClick, readSubmission } from './payload.ts';

/** The library's app, with our listeners on it. */
export interface BoltApp {
  /** Waits for what listeners are still doing. */
  settle(): Promise<void>;
}

/** What the library hands to a middleware or listener; events come without `ack`: they are acknowledged before. */
interface Delivery {
  readonly body: unknown;
  readonly ack?: Acknowledge;
}

/** Builds the app on a receiver. It makes no calls of its own: everything goes through our Slack client. */
export function createApp(ctx: BotContext, receiver: Receiver, logger: VendorLogger): BoltApp {
  const app = new App({
    receiver,
    logger,
    authorize: async () => ({ teamId: ctx.settings.team }),
    tokenVerificationEnabled: false,
    ignoreSelf: false,
    convoStore: false,
  });
  const working = new Set<Promise<void>>();
  app.error(async (error) => ctx.logger.error('a Slack listener failed', { reason: reasonOf(error) }));
  app.use(async (delivery) => {
    if (await isOurs(ctx, toDelivery(delivery))) await delivery.next();
  });
  register(app, (listener) => (delivery) => {
    const work = run(ctx, listener, toDelivery(delivery));
    working.add(work);
    return work.finally(() => working.delete(work));
  });
  return {
    settle: async () => {
      await Promise.allSettled(working);
    },
  };
}

type Bind = (listener: Listener) => (delivery: { readonly body: unknown }) => Promise<void>;

/** Every kind of arrival finds exactly one listener. */
function register(app: App, bind: Bind): void {
  const { actions, views, commands, events } = LISTENERS;
  for (const [name, listener] of actions.named) app.action(name, bind(listener));
  for (const [name, listener] of views.named) app.view(name, bind(listener));
  for (const [name, listener] of commands.named) app.command(name, bind(listener));
  for (const [name, listener] of events.named) app.event(name, bind(listener));
  if (actions.others !== null) app.action(allBut(actions.named), bind(actions.others));
  if (views.others !== null) app.view(allBut(views.named), bind(views.others));
}

function allBut(named: ReadonlyMap<string, Listener>): RegExp {
  const names = [...named.keys()].map((name) => name.replaceAll('.', '\\.'));
  return new RegExp(`^(?!(?:${names.join('|')})$)`);
}

function toDelivery(delivery: { readonly body: unknown }): Delivery {
  const { body, ack } = delivery as { body: unknown; ack?: Acknowledge };
  return ack === undefined ? { body } : { body, ack };
}

async function run(ctx: BotContext, listener: Listener, { body, ack }: Delivery): Promise<void> {
  try {
    await listener(ctx, { body: atHome(body, ctx.settings), acknowledge: ack ?? (async () => {}) });
  } catch (error) {
    ctx.logger.error('a Slack listener failed', { reason: reasonOf(error) });
  }
}

/** Whether a payload may go on to the listeners; all others are acknowledged, and have no effect. */
async function isOurs(ctx: BotContext, { body, ack }: Delivery): Promise<boolean> {
  const provenance = provenanceOf(body, ctx.settings);
  if (provenance === 'ours') return true;
  ctx.logger.warn('a payload that is not ours was set aside', { provenance, ...senderOf(body) });
  await acknowledgeAfter(leaveTrace(ctx, body, provenance), ack ?? (async () => {}));
  if (provenance === 'foreign_workspace') await tellStranger(ctx, body);
  return false;
}

/** Who tried, kept with the arrivals that were answered; that it has no effect does not depend on it. */
async function leaveTrace(ctx: BotContext, body: unknown, why: Provenance): Promise<void> {
  try {
    await noteForeign(ctx.services, { body: JSON.stringify(body), why, sender: senderOf(body) });
  } catch (error) {
    ctx.logger.error('a refused payload left no trace', { reason: reasonOf(error) });
  }
}

/** A guest from another workspace who clicks in our channel learns why nothing happens, if we can reach them. */
async function tellStranger(ctx: BotContext, body: unknown): Promise<void> {
  const click = readClick(body);
  const account = click?.account ?? readSubmission(body)?.account;
  if (account === undefined) return;
  try {
    await ctx.slack.tell(account.user, click?.channel ?? null, troubleNote('foreign_workspace'));
  } catch (error) {
    ctx.logger.warn('a stranger could not be told', { reason: reasonOf(error) });
  }
}
