import { approvalCard, type Message } from '../notify/index.ts';
import type { ApprovalStatus } from '../services/index.ts';
import type { BotContext } from './context.ts';

/** The card of a request as it stands, for one posting of it. */
export function renderCard(ctx: BotContext, status: ApprovalStatus, presentationId: string): Message {
  const { request, state, decisions, openRoles, escalations } = status;
  return approvalCard({
    presentationId,
    view: request.view,
    state,
    closedAt: request.supersededAt ?? request.decidedAt,
    ending: request.ending,
    decisions,
    openRoles,
    escalations,
    now: ctx.services.clock.now(),
    environment: ctx.settings.environment,
    runUrl: ctx.settings.runUrl(request.runId),
    nameOf: ctx.nameOf,
  });
}
