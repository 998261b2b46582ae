import type { Digest } from '../domain/index.ts';
import { approvalCard, type Message, overrideCard } from '../notify/index.ts';
import {
  type ApprovalStatus,
  approvalStatus,
  buttonValue,
  type CardCopy,
  overrideStatus,
  overridesBefore,
} from '../services/index.ts';
import type { BotContext } from './context.ts';

/** A card as things stand, for any of its copies. */
export interface Rendering {
  /** What a copy shows, whose buttons carry this. */
  show(presentationId: string): Message;
  /** Whether a copy that was never posted need not be any more. */
  readonly isMoot: boolean;
}

/** Reads how things stand that a posting is about. */
export async function renderingOf(ctx: BotContext, { kind, about }: CardCopy['posting']): Promise<Rendering> {
  // What its buttons mean is what it shows, whatever becomes of the rows by which it is found.
  const named = (presentation: string, view: Digest | null) => ({
    presentationId: presentation,
    button: buttonValue(ctx.services, { presentation, about, view }),
  });
  if (kind === 'override_card') {
    const status = await overrideStatus(ctx.services, about);
    const { modelId, grantedAt } = status.override;
    const earlier = await overridesBefore(ctx.services, modelId, grantedAt);
    const facts = { ...status, earlier, nameOf: ctx.nameOf };
    const show = (presentationId: string) => overrideCard({ ...facts, ...named(presentationId, null) });
    return { show, isMoot: false };
  }
  const status = await approvalStatus(ctx.services, about);
  return {
    show: (presentationId) => renderCard(ctx, status, named(presentationId, status.request.viewDigest)),
    isMoot: ['superseded', 'withdrawn'].includes(status.state),
  };
}

/** The card of a request as it stands, for one posting of it. */
function renderCard(
  ctx: BotContext,
  status: ApprovalStatus,
  named: { readonly presentationId: string; readonly button: string },
): Message {
  const { request, state, decisions, openRoles, escalations } = status;
  return approvalCard({
    ...named,
    view: request.view,
    state,
    closedAt: request.supersededAt ?? request.decidedAt,
    ending: request.ending,
    decisions,
    openRoles,
    escalations,
    now: ctx.services.clock.now(),
    runUrl: ctx.settings.runUrl(request.runId),
    nameOf: ctx.nameOf,
  });
}
