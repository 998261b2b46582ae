import { z } from 'zod';
import {
  type ApproveContext,
  COMMENT_BLOCK,
  COMMENT_INPUT,
  REASON_LIMIT,
  RETYPE_BLOCK,
  RETYPE_INPUT,
} from '../../../notify/index.ts';
import { readSubmission, type Submission } from '../../payload.ts';
import type { Listener } from '../listener.ts';
import { contextOf, keepDecision, showBesideField, storable } from './form.ts';
import { onUnknownView } from './unknown-view.ts';

const Context: z.ZodType<ApproveContext> = z.strictObject({
  button: z.string(),
  channel: z.string().nullable(),
  ending: z.string().nullable(),
});

/** A confirmed approval: kept in the inbox, then acknowledged. What is wrong is shown beside the field. */
export const onApproveConfirmation: Listener = async (ctx, arrival) => {
  const { body, acknowledge } = arrival;
  const submission = readSubmission(body);
  const context = submission === null ? null : contextOf(submission, Context);
  if (submission === null || context === null) return onUnknownView(ctx, arrival);
  const { ending, ...about } = context;
  const retyped = ending === null ? null : retypedIn(submission);
  if (retyped !== ending) return showBesideField(acknowledge, RETYPE_BLOCK, WRONG_ENDING);
  const comment = storable(submission.value(COMMENT_BLOCK, COMMENT_INPUT));
  if (comment.length > REASON_LIMIT)
    return showBesideField(acknowledge, COMMENT_BLOCK, `Shorten it to ${REASON_LIMIT} characters.`);
  const said = { decision: 'approved', reason: comment === '' ? null : comment, retyped } as const;
  const action = { type: 'decide' as const, ...said, account: submission.account, message: null, ...about };
  await keepDecision(ctx, acknowledge, { submission, action, block: COMMENT_BLOCK });
};

const WRONG_ENDING =
  'These are not the last six characters of the digest above. If you read them elsewhere, you have other bytes: do not approve.';

/** As it stands in the digest, whatever keyboard it was typed on. */
function retypedIn(submission: Submission): string {
  return storable(submission.value(RETYPE_BLOCK, RETYPE_INPUT)).toLowerCase();
}
