import { z } from 'zod';
import { type Message, objectionNote, troubleNote } from '../notify/index.ts';
import type { BotContext } from './context.ts';
import { reasonOf, troubleOf } from './failure.ts';

const About = z.object({
  type: z.literal('handle_finding'),
  findingId: z.int().positive(),
  account: z.object({ team: z.string(), user: z.string() }),
  channel: z.string().nullable(),
});

/** What somebody does about a finding, as the inbox keeps it between the click and the answer. */
export const HandlingAction = z.discriminatedUnion('action', [
  About.extend({ action: z.literal('acknowledge') }),
  About.extend({ action: z.literal('unmute') }),
  About.extend({ action: z.literal('run') }),
  About.extend({ action: z.literal('renew') }),
  About.extend({ action: z.literal('block') }),
  /** For so many milliseconds. */
  About.extend({ action: z.literal('mute'), duration: z.int().positive(), reason: z.string() }),
]);
export type HandlingAction = z.infer<typeof HandlingAction>;

/** The finding that a button is about; null for what no button of ours carries. */
export function findingOf(value: string): number | null {
  return /^[1-9]\d{0,14}$/.test(value) ? Number(value) : null;
}

/** Keeps what somebody does; null when it is kept, else what to tell them. */
export async function keepHandling(
  ctx: BotContext,
  dedupeKey: string,
  payload: HandlingAction,
): Promise<Message | null> {
  try {
    await ctx.inbox.receive({ dedupeKey, payload });
    return null;
  } catch (error) {
    ctx.logger.error('an action on a finding could not be kept', { reason: reasonOf(error) });
    return troubleNote(troubleOf(error));
  }
}

/** What is told about a button that is about no finding. */
export function unknownFinding(account: HandlingAction['account']): Message {
  return objectionNote('unknown_finding', { alert: null, account });
}
