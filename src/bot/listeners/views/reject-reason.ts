import { z } from 'zod';
import { REASON_BLOCK, REASON_INPUT, REASON_LIMIT, type RejectContext } from '../../../notify/index.ts';
import { receiveAction } from '../../../services/index.ts';
import { type DecisionAction, submissionKey } from '../../decision.ts';
import { reasonOf } from '../../failure.ts';
import { readSubmission, type Submission } from '../../payload.ts';
import { type Acknowledge, type Listener, setAside } from '../listener.ts';

const Context = z.strictObject({ presentationId: z.string(), channel: z.string().nullable() });

/** The reason of a rejection: kept in the inbox, then acknowledged. What is wrong with it is shown beside the field. */
export const onRejectReason: Listener = async (ctx, arrival) => {
  const { body, acknowledge } = arrival;
  const submission = readSubmission(body);
  const context = submission === null ? null : readContext(submission);
  if (submission === null || context === null) return setAside(ctx, arrival, 'reason');
  const reason = storable(submission.value(REASON_BLOCK, REASON_INPUT));
  const objection = objectionTo(reason);
  if (objection !== null) return showBesideField(acknowledge, objection);
  const payload: DecisionAction = {
    type: 'decide',
    decision: 'rejected',
    reason,
    account: submission.account,
    message: null,
    ...context,
  };
  try {
    await receiveAction(ctx.services, { dedupeKey: submissionKey(submission), payload });
  } catch (error) {
    ctx.logger.error('a rejection could not be kept', { reason: reasonOf(error) });
    return showBesideField(acknowledge, 'Temporary failure: nothing was recorded. Try again in a moment.');
  }
  await acknowledge();
};

function readContext({ privateMetadata }: Submission): RejectContext | null {
  try {
    return Context.safeParse(JSON.parse(privateMetadata)).data ?? null;
  } catch {
    return null;
  }
}

/** The words as they were typed, but for what a database cannot hold. */
function storable(typed: string): string {
  return typed.toWellFormed().replaceAll('\0', '').trim();
}

function objectionTo(reason: string): string | null {
  if (reason === '') return 'Say what has to change: a rejection needs a reason.';
  if (reason.length > REASON_LIMIT)
    return `Shorten it to ${REASON_LIMIT} characters; it has ${reason.length}.`;
  return null;
}

/** Leaves the form open, with what was typed. */
function showBesideField(acknowledge: Acknowledge, objection: string): Promise<void> {
  return acknowledge({ response_action: 'errors', errors: { [REASON_BLOCK]: objection } });
}
