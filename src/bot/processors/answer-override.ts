import type { PersonId } from '../../domain/index.ts';
import { HOUR } from '../../lib/index.ts';
import { type OverrideDeed, overrideReceipt } from '../../notify/index.ts';
import {
  confirmOverride,
  documentOverride,
  grantOverride,
  type OverrideResult,
  overrideStatus,
  previewOverride,
} from '../../services/index.ts';
import { conclude, type Outcome, type Waiting } from '../conclude.ts';
import type { BotContext } from '../context.ts';
import {
  explainOverrideRefusal,
  lookUpOverride,
  OverrideAction,
  type RefusedOverride,
  refusedOverride,
} from '../override.ts';
import { confirmOfficer, whoActsNow } from '../roles.ts';
import { explainUnknownCard } from '../unknown-card.ts';

type Actor = Awaited<ReturnType<typeof whoActsNow>>;
type Action<Type extends OverrideAction['type']> = Extract<OverrideAction, { type: Type }>;

/** Does what somebody asked for about an override: grants, confirms or documents it. */
export function answerOverride(ctx: BotContext, row: Waiting): Promise<void> {
  return conclude(ctx, row, OverrideAction, (action) => answer(ctx, row.id, action));
}

async function answer(ctx: BotContext, source: string, action: OverrideAction): Promise<Outcome> {
  const person = await whoActsNow(ctx, action.account);
  switch (action.type) {
    case 'override':
      return grant(ctx, source, action, person);
    case 'confirm_override':
      return onCard(ctx, action, person, 'confirmed', (by) => confirm(ctx, action, { ...by, source }));
    case 'document_override':
      return onCard(ctx, action, person, 'documented', ({ overrideId, person: writer }) =>
        documentOverride(ctx.services, {
          overrideId,
          person: writer,
          documentation: action.documentation,
          source,
        }),
      );
  }
}

async function grant(
  ctx: BotContext,
  source: string,
  action: Action<'override'>,
  person: Actor,
): Promise<Outcome> {
  const { account, hours } = action;
  if (typeof person !== 'string') return refuse(person.refusal, action, account);
  await confirmOfficer(ctx, person);
  const duration = Math.round(hours * HOUR);
  const result = await grantOverride(ctx.services, { ...action, wish: source, person, duration });
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
  by: ByPerson & { readonly source: string },
): Promise<OverrideResult> {
  await confirmOfficer(ctx, by.person);
  return confirmOverride(ctx.services, { ...by, account });
}

/** What is done by way of a card's buttons. */
async function onCard(
  ctx: BotContext,
  action: Action<'confirm_override' | 'document_override'>,
  person: Actor,
  deed: OverrideDeed,
  act: (by: ByPerson) => Promise<OverrideResult>,
): Promise<Outcome> {
  const { button, account } = action;
  const overrideId = await lookUpOverride(ctx, action);
  if (overrideId === null) return { word: 'unknown_card', message: await explainUnknownCard(ctx, button) };
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
