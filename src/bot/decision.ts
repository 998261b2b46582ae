import { z } from 'zod';
import type { Assurance, Digest, PersonId } from '../domain/index.ts';
import { endingOf } from '../domain/index.ts';
import { adoptClicked, approvalStatus, findCard } from '../services/index.ts';
import type { BotContext } from './context.ts';
import type { Click, Submission } from './payload.ts';

/** A decision as the inbox keeps it between the click and the answer. */
export const DecisionAction = z.object({
  type: z.literal('decide'),
  button: z.string(),
  decision: z.enum(['approved', 'rejected']),
  /** Why, of a rejection; the comment, if any, of an approval. */
  reason: z.string().nullable(),
  /** What was typed as the end of the digest; null where nothing was asked. */
  retyped: z.string().nullable().default(null),
  account: z.object({ team: z.string(), user: z.string() }),
  channel: z.string().nullable(),
  /** The message that was clicked; null where a form was sent. */
  message: z.string().nullable().default(null),
});
export type DecisionAction = z.infer<typeof DecisionAction>;

/** Names one click: the same bytes sent again are the same click. */
export function clickKey({ account, actionId, actionTs }: Click): string {
  return `click:${account.team}/${account.user}:${actionId}:${actionTs}`;
}

/** Names one sending of a form. */
export function submissionKey({ account, viewId, hash }: Submission): string {
  return `view:${account.team}/${account.user}:${viewId}:${hash}`;
}

/** What a click on a card leads to. */
export interface Clicked {
  readonly requestId: string;
  /** Digest of the view that the card showed. */
  readonly view: Digest;
  /** Who clicked; null when the people map does not know the account. */
  readonly person: PersonId | null;
}

/** The button that was used, on which message. */
export type ClickedCard = Pick<DecisionAction, 'button' | 'account'> &
  Partial<Pick<DecisionAction, 'channel' | 'message'>>;

/**
 * The request behind a card and the person behind an account, wherever the card stands and whatever workspace it was
 * sent from; null when no such card was sent, or it is not the one that counts.
 */
export async function lookUpClick(ctx: BotContext, clicked: ClickedCard): Promise<Clicked | null> {
  const { button, account, channel = null, message = null } = clicked;
  const card = await findCard(ctx.services, button, 'approval_card');
  if (card === null || card.viewDigest === null) return null;
  if (channel !== null && message !== null)
    await adoptClicked(ctx.services, card, { channel, ts: message }, button);
  return {
    requestId: card.about,
    view: card.viewDigest,
    person: ctx.services.directory.personOfSlack(account),
  };
}

/** How sure a decision is: whoever retyped the end of the digest that is decided on saw which bytes those are. */
export async function assuranceOf(
  { services }: BotContext,
  requestId: string,
  { retyped }: DecisionAction,
): Promise<Assurance> {
  if (retyped === null) return 'slack_click';
  const { request } = await approvalStatus(services, requestId);
  return retyped === endingOf(request.view.artifact.digest) ? 'slack_confirm' : 'slack_click';
}
