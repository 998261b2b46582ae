import { type Message, muteModal, troubleNote } from '../../../notify/index.ts';
import { describeAlert } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { clickKey } from '../../decision.ts';
import { findingOf, keepHandling, unknownFinding } from '../../handling.ts';
import { type Click, readClick } from '../../payload.ts';
import { acknowledgeAfter, type Listener, setAside } from '../listener.ts';
import { showForm } from './show-form.ts';

/** A button of an alert that needs no form: kept in the inbox, then acknowledged; the answer follows from there. */
function onButton(action: 'acknowledge' | 'unmute' | 'run' | 'renew' | 'block'): Listener {
  return async (ctx, arrival) => {
    const click = readClick(arrival.body);
    if (click === null) return setAside(ctx, arrival, action);
    const { account, channel } = click;
    const findingId = findingOf(click.value);
    const told =
      findingId === null
        ? unknownFinding(account)
        : await keepHandling(ctx, clickKey(click), {
            type: 'handle_finding',
            action,
            findingId,
            account,
            channel,
          });
    await arrival.acknowledge();
    if (told !== null) await ctx.slack.tell(account.user, channel, told);
  };
}

export const onAcknowledge: Listener = onButton('acknowledge');
export const onUnmute: Listener = onButton('unmute');
export const onRun: Listener = onButton('run');
export const onRenew: Listener = onButton('renew');
export const onBlock: Listener = onButton('block');

/** Mute…: asks for how long and why. Mutes nothing yet. */
export const onMute: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'mute');
  const shown = showForm(ctx, click, () => openMuteForm(ctx, click));
  await acknowledgeAfter(shown, arrival.acknowledge);
};

/** What to tell instead of opening the form; null when it is open. */
async function openMuteForm(ctx: BotContext, { account, channel, ...click }: Click): Promise<Message | null> {
  const findingId = findingOf(click.value);
  const alert = findingId === null ? null : await describeAlert(ctx.services, findingId);
  if (alert === null) return unknownFinding(account);
  const opened = await ctx.slack.openModal(click.triggerId, muteModal(alert, { channel }));
  return opened === 'opened' ? null : troubleNote('modal_expired');
}
