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
    runUrl: runUrl(ctx, request.runId),
    nameOf: ctx.nameOf,
  });
}

function runUrl({ settings }: BotContext, runId: string): string | null {
  if (settings.publicUrl === null) return null;
  return new URL(`api/v1/runs/${encodeURIComponent(runId)}`, settings.publicUrl.replace(/\/?$/, '/')).href;
}
