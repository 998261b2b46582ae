import { z } from 'zod';
import {
  DOCUMENTATION_BLOCK,
  DOCUMENTATION_INPUT,
  DOCUMENTATION_LIMIT,
  type DocumentFormContext,
} from '../../../notify/index.ts';
import { readSubmission } from '../../payload.ts';
import type { Listener } from '../listener.ts';
import { contextOf, keepDecision, showBesideField, storable } from './form.ts';
import { onUnknownView } from './unknown-view.ts';

const Context: z.ZodType<DocumentFormContext> = z.strictObject({
  button: z.string(),
  channel: z.string().nullable(),
});

/** The documentation of an override: kept in the inbox, then acknowledged. What is wrong is shown beside the field. */
export const onOverrideDocumentation: Listener = async (ctx, arrival) => {
  const { body, acknowledge } = arrival;
  const submission = readSubmission(body);
  const context = submission === null ? null : contextOf(submission, Context);
  if (submission === null || context === null) return onUnknownView(ctx, arrival);
  const documentation = storable(submission.value(DOCUMENTATION_BLOCK, DOCUMENTATION_INPUT));
  if (documentation === '')
    return showBesideField(acknowledge, DOCUMENTATION_BLOCK, 'Say what happened: it settles the override.');
  if (documentation.length > DOCUMENTATION_LIMIT)
    return showBesideField(
      acknowledge,
      DOCUMENTATION_BLOCK,
      `Shorten it to ${DOCUMENTATION_LIMIT} characters.`,
    );
  const { account } = submission;
  const action = { type: 'document_override' as const, ...context, documentation, account };
  await keepDecision(ctx, acknowledge, { submission, action, block: DOCUMENTATION_BLOCK });
};
