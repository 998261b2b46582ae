import { z } from 'zod';
import { REASON_BLOCK, REASON_INPUT, REASON_LIMIT } from '../../../notify/index.ts';
import { readSubmission } from '../../payload.ts';
import type { Listener } from '../listener.ts';
import { contextOf, keepDecision, showBesideField, storable } from './form.ts';
import { onUnknownView } from './unknown-view.ts';

const Context = z.strictObject({ button: z.string(), channel: z.string().nullable() });

/** The reason of a rejection: kept in the inbox, then acknowledged. What is wrong with it is shown beside the field. */
export const onRejectReason: Listener = async (ctx, arrival) => {
  const { body, acknowledge } = arrival;
  const submission = readSubmission(body);
  const context = submission === null ? null : contextOf(submission, Context);
  if (submission === null || context === null) return onUnknownView(ctx, arrival);
  const reason = storable(submission.value(REASON_BLOCK, REASON_INPUT));
  const objection = objectionTo(reason);
  if (objection !== null) return showBesideField(acknowledge, REASON_BLOCK, objection);
  const { account } = submission;
  const said = { decision: 'rejected', reason, retyped: null } as const;
  const action = { type: 'decide' as const, ...said, account, message: null, ...context };
  await keepDecision(ctx, acknowledge, { submission, action, block: REASON_BLOCK });
};

function objectionTo(reason: string): string | null {
  if (reason === '') return 'Say what has to change: a rejection needs a reason.';
  if (reason.length > REASON_LIMIT)
    return `Shorten it to ${REASON_LIMIT} characters; it has ${reason.length}.`;
  return null;
}
