import { handledNote, objectionNote } from '../../notify/index.ts';
import { type FindingAction, handleFinding } from '../../services/index.ts';
import { conclude, type Outcome, type Waiting } from '../conclude.ts';
import type { BotContext } from '../context.ts';
import { HandlingAction } from '../handling.ts';

/** Does what somebody wants done about a finding; the finding's message follows. */
export function answerHandling(ctx: BotContext, row: Waiting): Promise<void> {
  return conclude(ctx, row, HandlingAction, (action) => answer(ctx, row.id, action));
}

async function answer({ services }: BotContext, source: string, taken: HandlingAction): Promise<Outcome> {
  const { findingId, account } = taken;
  const result = await handleFinding(services, {
    findingId,
    actor: account,
    action: actionOf(taken),
    source,
  });
  if (result.ok) return { word: result.event.kind, message: handledNote(result.event, result.alert) };
  const { refusal, alert } = result;
  return { word: `refused:${refusal}`, message: objectionNote(refusal, { alert, account }) };
}

function actionOf(taken: HandlingAction): FindingAction {
  return taken.action === 'mute'
    ? { kind: 'mute', duration: taken.duration, reason: taken.reason }
    : { kind: taken.action };
}
