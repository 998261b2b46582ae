import { z } from 'zod';
import {
  Digest,
  type OverrideRefusal,
  type OverrideRules,
  type Reason,
  type SlackAccount,
} from '../domain/index.ts';
import { type Message, overrideRefusalNote } from '../notify/index.ts';
import { adoptClicked, findCard, type OverrideStatus } from '../services/index.ts';
import type { BotContext } from './context.ts';

const Account = z.object({ team: z.string(), user: z.string() });
const By = { account: Account, channel: z.string().nullable() };

/** What people do about overrides, as the inbox keeps it between the form or click and the answer. */
export const OverrideAction = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('override'),
    modelId: z.string(),
    modelVersion: z.string(),
    environment: z.string(),
    /** Of what the form showed. */
    view: Digest,
    reason: z.string(),
    reference: z.string().nullable(),
    hours: z.number(),
    ...By,
  }),
  z.object({
    type: z.literal('confirm_override'),
    button: z.string(),
    /** The message that was clicked. */
    message: z.string().nullable().default(null),
    ...By,
  }),
  z.object({
    type: z.literal('document_override'),
    button: z.string(),
    documentation: z.string(),
    ...By,
  }),
]);
export type OverrideAction = z.infer<typeof OverrideAction>;

/** Whether something in the inbox is about an override. */
export function isAboutOverride({ type }: Readonly<Record<string, unknown>>): boolean {
  return type === 'override' || type === 'confirm_override' || type === 'document_override';
}

/**
 * The override behind a card's button; null when no such card was sent, or it is not the one that counts. Where the card
 * was sent and never confirmed, the click proves where it stands.
 */
export async function lookUpOverride(
  { services }: BotContext,
  clicked: {
    readonly button: string;
    readonly channel: string | null;
    readonly message?: string | null;
  },
): Promise<string | null> {
  const { button, channel, message = null } = clicked;
  const card = await findCard(services, button, 'override_card');
  if (card !== null && channel !== null && message !== null)
    await adoptClicked(services, card, { channel, ts: message }, button);
  return card?.about ?? null;
}

/** A scope as far as a refusal speaks of it. */
export interface RefusedOverride {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly environment: string;
  readonly rules?: OverrideRules;
  readonly reasons?: readonly Pick<Reason, 'message'>[];
}

/** Says why an override, its confirmation or its documentation does not count. */
export function explainOverrideRefusal(
  refusal: OverrideRefusal,
  about: RefusedOverride,
  account: SlackAccount,
): Message {
  const { modelId, modelVersion, environment, rules = null, reasons = [] } = about;
  return overrideRefusalNote(refusal, { modelId, modelVersion, environment, account, rules, reasons });
}

/** What the law or people said against the bytes: where they stand under no override, what was overridden. */
export function refusedOverride({ override }: Pick<OverrideStatus, 'override'>): RefusedOverride {
  const { modelId, modelVersion, environment, unmet } = override;
  return { modelId, modelVersion, environment, reasons: unmet };
}
