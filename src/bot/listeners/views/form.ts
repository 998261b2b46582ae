import type { z } from 'zod';
import type { BotContext } from '../../context.ts';
import { type DecisionAction, submissionKey } from '../../decision.ts';
import { reasonOf, troubleOf } from '../../failure.ts';
import type { OverrideAction } from '../../override.ts';
import type { Submission } from '../../payload.ts';
import type { Acknowledge } from '../listener.ts';

/** What we put into a form when it was opened; null when it is not as this release writes it. */
export function contextOf<T>({ privateMetadata }: Submission, schema: z.ZodType<T>): T | null {
  try {
    const carried: unknown = JSON.parse(privateMetadata, (_key, value: unknown) =>
      typeof value === 'string' ? storable(value) : value,
    );
    return schema.safeParse(carried).data ?? null;
  } catch {
    return null;
  }
}

/** The words as they were typed, but for what a database cannot hold. */
export function storable(typed: string): string {
  return typed.toWellFormed().replaceAll('\0', '').trim();
}

/** Leaves the form open, with what was typed, and says what is wrong beside the field. */
export function showBesideField(acknowledge: Acknowledge, block: string, objection: string): Promise<void> {
  return acknowledge({ response_action: 'errors', errors: { [block]: objection } });
}

/** A form that was filled in. */
export interface Filled {
  readonly submission: Submission;
  readonly action: DecisionAction | OverrideAction;
  /** The field beside which is said that it could not be kept. */
  readonly block: string;
}

/** Keeps what a form says in the inbox, then closes the form. What cannot be kept leaves it open, to be sent again. */
export async function keepDecision(ctx: BotContext, acknowledge: Acknowledge, filled: Filled): Promise<void> {
  const { submission, action: payload, block } = filled;
  try {
    await ctx.inbox.receive({ dedupeKey: submissionKey(submission), payload });
  } catch (error) {
    ctx.logger.error('a decision could not be kept', { reason: reasonOf(error) });
    return showBesideField(acknowledge, block, NOT_KEPT[troubleOf(error)]);
  }
  await acknowledge();
}

const NOT_KEPT = {
  temporary_failure: 'Temporary failure: nothing was recorded. Send it again.',
  unanswered:
    'The database did not answer, so I cannot tell whether it was recorded. Send it again: it counts once.',
} as const;
