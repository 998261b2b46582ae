import { muteModal, troubleNote } from '../../../notify/index.ts';
import { describeAlert } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { clickKey } from '../../decision.ts';
import { reasonOf } from '../../failure.ts';
import { findingOf, keepHandling, unknownFinding } from '../../handling.ts';
import { type Click, readClick } from '../../payload.ts';
import { acknowledgeAfter, type Listener, setAside } from '../listener.ts';

/** A button of an alert that needs no form: kept in the inbox, then acknowledged; the answer follows from there. */
function onButton(action: 'acknowledge' | 'unmute' | 'run'): Listener {
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

/** Mute…: asks for how long and why. Mutes nothing yet. */
export const onMute: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'mute');
  await acknowledgeAfter(openMuteForm(ctx, click), arrival.acknowledge);
};

async function openMuteForm(ctx: BotContext, click: Click): Promise<void> {
  const { account, channel } = click;
  let told = unknownFinding(account);
  try {
    const findingId = findingOf(click.value);
    const alert = findingId === null ? null : await describeAlert(ctx.services, findingId);
    if (alert !== null) {
      const opened = await ctx.slack.openModal(click.triggerId, muteModal(alert, { channel }));
      if (opened === 'opened') return;
      told = troubleNote('modal_expired');
    }
  } catch (error) {
    ctx.logger.error('a form could not be opened', { reason: reasonOf(error) });
    told = troubleNote('temporary_failure');
  }
  await ctx.slack.tell(account.user, channel, told);
}
