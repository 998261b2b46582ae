import { z } from 'zod';
import { Digest, overrideRules } from '../../../domain/index.ts';
import { HOUR } from '../../../lib/index.ts';
import {
  OVERRIDE_FIELDS,
  OVERRIDE_REASON_LIMIT,
  OVERRIDE_REFERENCE_LIMIT,
  type OverrideFormContext,
} from '../../../notify/index.ts';
import type { BotContext } from '../../context.ts';
import { readSubmission, type Submission } from '../../payload.ts';
import type { Listener } from '../listener.ts';
import { contextOf, keepDecision, showBesideField, storable } from './form.ts';
import { onUnknownView } from './unknown-view.ts';

const Context: z.ZodType<OverrideFormContext> = z.strictObject({
  modelId: z.string(),
  modelVersion: z.string(),
  environment: z.string(),
  view: Digest,
  channel: z.string(),
});

/** A form that overrides: kept in the inbox, then acknowledged. What is wrong is shown beside the field. */
export const onOverride: Listener = async (ctx, arrival) => {
  const { body, acknowledge } = arrival;
  const submission = readSubmission(body);
  const context = submission === null ? null : contextOf(submission, Context);
  if (submission === null || context === null) return onUnknownView(ctx, arrival);
  const filled = fieldsOf(submission);
  const objection = objectionTo(ctx, context, filled);
  if (objection !== null) return showBesideField(acknowledge, ...objection);
  const { reason, reference, hours } = filled;
  const said = { reason, reference: reference === '' ? null : reference, hours };
  const action = { type: 'override' as const, ...context, ...said, account: submission.account };
  await keepDecision(ctx, acknowledge, { submission, action, block: OVERRIDE_FIELDS.reason });
};

interface Fields {
  readonly reason: string;
  readonly reference: string;
  /** Not a number where it is none. */
  readonly hours: number;
}

function fieldsOf(submission: Submission): Fields {
  const typed = (field: keyof typeof OVERRIDE_FIELDS) =>
    storable(submission.value(OVERRIDE_FIELDS[field], OVERRIDE_FIELDS[field]));
  const hours = typed('hours').replace(',', '.');
  return {
    reason: typed('reason'),
    reference: typed('reference'),
    hours: /^\d+(\.\d+)?$/.test(hours) ? Number(hours) : Number.NaN,
  };
}

/** What is wrong with what was typed, and beside which field that is said. */
function objectionTo(
  { services }: BotContext,
  { modelId, environment }: OverrideFormContext,
  { reason, reference, hours }: Fields,
): [block: string, objection: string] | null {
  const rules = overrideRules(services.trust, modelId, environment);
  const most = rules.longest / HOUR;
  if (reason === '') return [OVERRIDE_FIELDS.reason, 'Say why this cannot wait: an override needs a reason.'];
  if (reason.length > OVERRIDE_REASON_LIMIT)
    return [OVERRIDE_FIELDS.reason, `Shorten it to ${OVERRIDE_REASON_LIMIT} characters.`];
  if (reference.length > OVERRIDE_REFERENCE_LIMIT)
    return [OVERRIDE_FIELDS.reference, `Shorten it to ${OVERRIDE_REFERENCE_LIMIT} characters.`];
  if (!(hours > 0 && hours <= most))
    return [OVERRIDE_FIELDS.hours, `Give a number of hours above 0, up to ${most}.`];
  return null;
}
