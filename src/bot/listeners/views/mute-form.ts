import { z } from 'zod';
import {
  DURATION_BLOCK,
  DURATION_INPUT,
  type MuteContext,
  WHY_BLOCK,
  WHY_INPUT,
  WHY_LIMIT,
} from '../../../notify/index.ts';
import { submissionKey } from '../../decision.ts';
import { keepHandling } from '../../handling.ts';
import { readSubmission } from '../../payload.ts';
import type { Listener } from '../listener.ts';
import { contextOf, showBesideField, storable } from './form.ts';
import { onUnknownView } from './unknown-view.ts';

const Context: z.ZodType<MuteContext> = z.strictObject({
  findingId: z.int().positive(),
  channel: z.string().nullable(),
});

/** A mute: kept in the inbox, then acknowledged. What is wrong with it is shown beside the field. */
export const onMuteForm: Listener = async (ctx, arrival) => {
  const { body, acknowledge } = arrival;
  const submission = readSubmission(body);
  const context = submission === null ? null : contextOf(submission, Context);
  if (submission === null || context === null) return onUnknownView(ctx, arrival);
  const duration = Number(submission.value(DURATION_BLOCK, DURATION_INPUT));
  if (!Number.isSafeInteger(duration) || duration <= 0)
    return showBesideField(acknowledge, DURATION_BLOCK, 'Choose for how long.');
  const reason = storable(submission.value(WHY_BLOCK, WHY_INPUT));
  if (reason === '' || reason.length > WHY_LIMIT)
    return showBesideField(acknowledge, WHY_BLOCK, objectionTo(reason));
  const said = { type: 'handle_finding', action: 'mute', duration, reason } as const;
  const { account } = submission;
  const trouble = await keepHandling(ctx, submissionKey(submission), { ...said, ...context, account });
  if (trouble !== null)
    return showBesideField(acknowledge, WHY_BLOCK, 'Temporary failure: nothing was muted. Send it again.');
  await acknowledge();
};

function objectionTo(reason: string): string {
  return reason === ''
    ? 'Say why: a mute needs a reason.'
    : `Shorten it to ${WHY_LIMIT} characters; it has ${reason.length}.`;
}
