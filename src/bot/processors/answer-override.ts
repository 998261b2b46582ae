import type { PersonId } from '../../domain/index.ts';
import { HOUR, SECOND } from '../../lib/index.ts';
import { type Message, type OverrideDeed, overrideReceipt, troubleNote } from '../../notify/index.ts';
import {
  confirmOverride,
  documentOverride,
  finishAction,
  grantOverride,
  type OverrideResult,
  overrideGranted,
  overrideStatus,
  previewOverride,
  type waitingAction,
} from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { reasonOf } from '../failure.ts';
import {
  explainOverrideRefusal,
  lookUpOverride,
  OverrideAction,
  type RefusedOverride,
  refusedOverride,
} from '../override.ts';
import { confirmOfficer, whoActsNow } from '../roles.ts';
import { explainUnknownCard } from '../unknown-card.ts';

type Waiting = NonNullable<Awaited<ReturnType<typeof waitingAction>>>;
type Actor = Awaited<ReturnType<typeof whoActsNow>>;
type Action<Type extends OverrideAction['type']> = Extract<OverrideAction, { type: Type }>;

/** What became of an action: a word for the inbox, and what the person is told. */
interface Outcome {
  readonly word: string;
  readonly message: Message;
}

/** For how long a failing wish is tried again: an override shall not be granted when nobody waits for it any more. */
const PATIENCE = 30 * SECOND;

/**
 * Does what somebody asked for about an override, and tells them what became of it. Safe to do again: a wish is granted
 * once, and so are its confirmation and documentation.
 */
export async function answerOverride(ctx: BotContext, row: Waiting): Promise<void> {
  const action = OverrideAction.safeParse(row.payload);
  if (!action.success) {
    ctx.logger.error('an action in the inbox is not understood', { inbox: row.id });
    return finishAction(ctx.services, row.id, 'not_understood');
  }
  const { account, channel } = action.data;
  const { word, message } = await answerPatiently(ctx, row, action.data);
  if (!(await ctx.slack.tell(account.user, channel, message)))
    ctx.logger.warn('nobody could be told what became of an action', { inbox: row.id, outcome: word });
  await finishAction(ctx.services, row.id, word);
}

async function answerPatiently(ctx: BotContext, row: Waiting, action: OverrideAction): Promise<Outcome> {
  try {
    return await answer(ctx, row.id, action);
  } catch (error) {
    const waited = Date.parse(ctx.services.clock.now()) - Date.parse(row.receivedAt);
    ctx.logger.error('an override could not be dealt with', {
      inbox: row.id,
      waited,
      reason: reasonOf(error),
    });
    if (action.type !== 'override' || waited < PATIENCE) throw error;
    const granted = await overrideGranted(ctx.services, row.id);
    if (granted !== null) return receipt('granted', granted);
    await finishAction(ctx.services, row.id, 'failed');
    return { word: 'failed', message: troubleNote('temporary_failure') };
  }
}

async function answer(ctx: BotContext, inboxId: string, action: OverrideAction): Promise<Outcome> {
  const person = await whoActsNow(ctx, action.account);
  switch (action.type) {
    case 'override':
      return grant(ctx, inboxId, action, person);
    case 'confirm_override':
      return onCard(ctx, action, person, 'confirmed', (by) => confirm(ctx, action, by));
    case 'document_override':
      return onCard(ctx, action, person, 'documented', ({ overrideId, person: writer }) =>
        documentOverride(ctx.services, {
          overrideId,
          person: writer,
          documentation: action.documentation,
        }),
      );
  }
}

async function grant(
  ctx: BotContext,
  inboxId: string,
  action: Action<'override'>,
  person: Actor,
): Promise<Outcome> {
  const { account, hours } = action;
  if (typeof person !== 'string') return refuse(person.refusal, action, account);
  await confirmOfficer(ctx, person);
  const duration = Math.round(hours * HOUR);
  const result = await grantOverride(ctx.services, { ...action, wish: inboxId, person, duration });
  if (result.ok) return receipt('granted', result.override);
  const { ground } = await previewOverride(ctx.services, { ...action, person });
  const about = { ...action, rules: ground.rules, reasons: ground.verdict?.reasons ?? [] };
  return refuse(result.refusal, about, account);
}

interface ByPerson {
  readonly overrideId: string;
  readonly person: PersonId;
}

async function confirm(
  ctx: BotContext,
  { account }: Action<'confirm_override'>,
  { overrideId, person }: ByPerson,
): Promise<OverrideResult> {
  await confirmOfficer(ctx, person);
  return confirmOverride(ctx.services, { overrideId, person, account });
}

/** What is done by way of a card's buttons. */
async function onCard(
  ctx: BotContext,
  action: Action<'confirm_override' | 'document_override'>,
  person: Actor,
  deed: OverrideDeed,
  act: (by: ByPerson) => Promise<OverrideResult>,
): Promise<Outcome> {
  const { presentationId, account } = action;
  const overrideId = await lookUpOverride(ctx, action);
  if (overrideId === null)
    return { word: 'unknown_card', message: await explainUnknownCard(ctx, presentationId) };
  const about = refusedOverride(await overrideStatus(ctx.services, overrideId));
  if (typeof person !== 'string') return refuse(person.refusal, about, account);
  const result = await act({ overrideId, person });
  return result.ok ? receipt(deed, result.override) : refuse(result.refusal, about, account);
}

function receipt(deed: OverrideDeed, override: Extract<OverrideResult, { ok: true }>['override']): Outcome {
  return { word: `recorded:${deed}`, message: overrideReceipt(deed, override) };
}

function refuse(
  refusal: Extract<OverrideResult, { ok: false }>['refusal'],
  about: RefusedOverride,
  account: OverrideAction['account'],
): Outcome {
  return { word: `refused:${refusal}`, message: explainOverrideRefusal(refusal, about, account) };
}
