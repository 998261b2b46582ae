import { handledNote, type Message, objectionNote } from '../../notify/index.ts';
import { type FindingAction, finishAction, handleFinding, type waitingAction } from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { HandlingAction } from '../handling.ts';

/** An action that waits in the inbox. */
type Waiting = NonNullable<Awaited<ReturnType<typeof waitingAction>>>;

/**
 * Does what somebody wants done about a finding, and tells them what became of it; the finding's message follows. A
 * failure is the queue's to try again; repeating it changes nothing.
 */
export async function answerHandling(ctx: BotContext, { id, payload }: Waiting): Promise<void> {
  const read = HandlingAction.safeParse(payload);
  if (!read.success) {
    ctx.logger.error('an action in the inbox is not understood', { inbox: id });
    return finishAction(ctx.services, id, 'not_understood');
  }
  const { account, channel } = read.data;
  const { word, message } = await answer(ctx, id, read.data);
  if (!(await ctx.slack.tell(account.user, channel, message)))
    ctx.logger.warn('nobody could be told what became of an action', { inbox: id, outcome: word });
  await finishAction(ctx.services, id, word);
}

async function answer(
  { services }: BotContext,
  source: string,
  taken: HandlingAction,
): Promise<{ readonly word: string; readonly message: Message }> {
  const { findingId, account } = taken;
  const result = await handleFinding(services, { findingId, account, action: actionOf(taken), source });
  if (result.ok) return { word: result.event.kind, message: handledNote(result.event, result.alert) };
  const { refusal, alert } = result;
  return { word: `refused:${refusal}`, message: objectionNote(refusal, { alert, account }) };
}

function actionOf(taken: HandlingAction): FindingAction {
  return taken.action === 'mute'
    ? { kind: 'mute', duration: taken.duration, reason: taken.reason }
    : { kind: taken.action };
}
