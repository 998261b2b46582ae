import { type Instant, type PersonId, type Role, rolesAt } from '../domain/index.ts';
import { approvalCard, type Message, type OpenRole } from '../notify/index.ts';
import type { ApprovalStatus } from '../services/index.ts';
import type { BotContext } from './context.ts';

/** The card of a request as it stands, for one posting of it. */
export function renderCard(ctx: BotContext, status: ApprovalStatus, presentationId: string): Message {
  const { request, state, decisions } = status;
  return approvalCard({
    presentationId,
    view: request.view,
    state,
    closedAt: request.supersededAt ?? request.decidedAt,
    ending: request.ending,
    decisions,
    openRoles: openRoles(ctx, status),
    environment: ctx.settings.environment,
    runUrl: runUrl(ctx, request.runId),
    nameOf: ctx.nameOf,
  });
}

/** The roles that nobody has covered yet, each with those who could: they hold it, and may and did not decide. */
export function openRoles(ctx: BotContext, status: ApprovalStatus): OpenRole[] {
  const now = ctx.services.clock.now();
  return status.missingRoles.map((role) => ({ role, holders: holdersOf(ctx, status, role, now) }));
}

function holdersOf(
  { services }: BotContext,
  { request, decisions }: ApprovalStatus,
  role: Role,
  now: Instant,
): PersonId[] {
  const { people } = services.directory;
  const done = new Set<PersonId>([...request.view.excluded, ...decisions.map(({ person }) => person)]);
  return [...people.keys()].filter((person) => !done.has(person) && rolesAt(people, person, now).has(role));
}

function runUrl({ settings }: BotContext, runId: string): string | null {
  if (settings.publicUrl === null) return null;
  return new URL(`api/v1/runs/${encodeURIComponent(runId)}`, settings.publicUrl.replace(/\/?$/, '/')).href;
}
