import { canSee, channelMeant } from './channels.ts';
import { type MessageClick, messageClick, type ViewClick, viewClick } from './clicks.ts';
import { runCommand } from './commands.ts';
import { SlackActorError, SlackApiError } from './error.ts';
import { appHomeOpened } from './homes.ts';
import type { InputValues } from './inputs.ts';
import type { AppLink } from './link.ts';
import { postAs } from './messages.ts';
import type { Channel, WorkspaceState } from './state.ts';
import {
  connectionTrouble,
  dismissModal,
  type Interaction,
  type Submission,
  submitModal,
} from './submissions.ts';
import type { SlackMessage, SlackUser, SlackView } from './types.ts';

/** One person at the Slack client. What he could not do there throws `SlackActorError`; what the app does wrong does not. */
export interface SlackActor {
  readonly userId: string;
  /** Clicks a button, or chooses in a menu, of a message, an open modal or the App Home. Resolves when the app has answered. */
  readonly clickButton: (click: MessageClick | ViewClick) => Promise<Interaction>;
  /** Fills in and sends the modal that is on top. */
  readonly submitModal: (view: SlackView | string, values?: InputValues) => Promise<Submission>;
  /** Closes the modal on top; `clear` closes its whole stack. Undefined where the app is not told. */
  readonly closeModal: (
    view: SlackView | string,
    options?: { readonly clear?: boolean },
  ) => Promise<Interaction | undefined>;
  /** Types a slash command such as `/todo` with its text into a channel. */
  readonly slashCommand: (command: string, text: string, channel: string) => Promise<Interaction>;
  /** Opens a tab of the app, `home` unless told; the app is told of it. */
  readonly openHome: (tab?: 'home' | 'messages') => Promise<Interaction>;
  /** Says something in a channel, or in a thread of it. */
  readonly postMessage: (channel: string, text: string, threadTs?: string) => SlackMessage;
}

/** What an actor acts through. */
export interface Stage {
  readonly state: WorkspaceState;
  readonly link: AppLink;
  readonly origin: () => string;
}

/** The person with this user id. Throws `SlackActorError` where there is none. */
export function createActor(stage: Stage, userId: string): SlackActor {
  const { state, link } = stage;
  const active = (): SlackUser => activeUser(state, userId);
  active();
  return {
    userId,
    clickButton: async (click) => clickAs(stage, active(), click),
    submitModal: async (view, values = {}) => submitModal(state, link, active(), idOf(view), values),
    closeModal: async (view, options = {}) =>
      dismissModal(state, link, active(), idOf(view), options.clear ?? false),
    slashCommand: async (name, text, reference) => {
      const channel = visibleChannel(state, active(), reference);
      return runCommand(state, link, active(), { name, text, channel }, stage.origin());
    },
    openHome: async (tab = 'home') => {
      const delivery = await link.sendEvent(appHomeOpened(state, active(), tab));
      return { ...delivery, problem: delivery.acknowledged ? null : connectionTrouble };
    },
    postMessage: (reference, text, threadTs) => {
      const channel = visibleChannel(state, active(), reference);
      return postAs(state, channel.id, userId, text, threadTs);
    },
  };
}

async function clickAs(stage: Stage, user: SlackUser, click: MessageClick | ViewClick): Promise<Interaction> {
  const { state, link } = stage;
  const payload = forPerson(() =>
    'viewId' in click
      ? viewClick(state, user, click)
      : messageClick(state, user, visibleChannel(state, user, click.channel), click, stage.origin()),
  );
  const delivery = await link.sendPayload(payload);
  return { ...delivery, problem: delivery.acknowledged ? null : connectionTrouble };
}

function idOf(view: SlackView | string): string {
  return typeof view === 'string' ? view : view.id;
}

function activeUser(state: WorkspaceState, userId: string): SlackUser {
  const user = state.users.get(userId);
  if (user === undefined) throw new SlackActorError(`There is no user ${userId}`);
  if (user.isBot === true) throw new SlackActorError(`${userId} is a bot, not a person`);
  if (user.deleted === true) throw new SlackActorError(`${userId} is deactivated and cannot do anything`);
  return user;
}

function visibleChannel(state: WorkspaceState, user: SlackUser, reference: string): Channel {
  const channel = forPerson(() => channelMeant(state, reference));
  if (!canSee(channel, user)) throw new SlackActorError(`${user.id} does not see ${reference}`);
  return channel;
}

/** What is not there cannot be touched: a refusal of the API is one to the person. */
function forPerson<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw error instanceof SlackApiError ? new SlackActorError(error.message) : error;
  }
}
