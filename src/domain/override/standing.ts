import type { Instant } from '../instant.ts';

/** What is agreed of an override, and what happened to it. */
export interface OverrideTerms {
  readonly grantedAt: Instant;
  readonly expiresAt: Instant;
  readonly documentationDueAt: Instant;
  /** Whether it is good only once a second person confirmed it. */
  readonly needsConfirmation: boolean;
  readonly confirmedAt: Instant | null;
  readonly documentedAt: Instant | null;
}

/** How far an override has come: `lapsed` is one that nobody confirmed in time. */
export type OverridePhase = 'waiting' | 'lapsed' | 'in_force' | 'ended';

/** How its documentation stands: `none` is owed for what was never good. */
export type DocumentationState = 'none' | 'due' | 'overdue' | 'documented';

/** Where an override stands. */
export interface OverrideStanding {
  readonly phase: OverridePhase;
  readonly documentation: DocumentationState;
}

/** Where an override stands at an instant. */
export function overrideStanding(terms: OverrideTerms, now: Instant): OverrideStanding {
  const isOver = now >= terms.expiresAt;
  if (terms.needsConfirmation && terms.confirmedAt === null)
    return { phase: isOver ? 'lapsed' : 'waiting', documentation: 'none' };
  return { phase: isOver ? 'ended' : 'in_force', documentation: documentationState(terms, now) };
}

function documentationState(terms: OverrideTerms, now: Instant): DocumentationState {
  if (terms.documentedAt !== null) return 'documented';
  return now < terms.documentationDueAt ? 'due' : 'overdue';
}

/** Whether something is still to come of it: it is good, waits, or is not documented. */
export function isOpenOverride({ phase, documentation }: OverrideStanding): boolean {
  const isSettled = documentation === 'documented' || documentation === 'none';
  return phase === 'waiting' || phase === 'in_force' || !isSettled;
}

/** Moments in an override's life at which people are told. */
export type OverrideMilestone = 'lapsed' | 'ended' | 'reminder' | 'overdue';

/** Part of the time for the documentation after which it is asked for. */
const REMINDED_AFTER = 0.75;

/** The moments that have come by an instant. A reminder that would come after the due time is left out. */
export function milestonesBy(terms: OverrideTerms, now: Instant): OverrideMilestone[] {
  const { phase, documentation } = overrideStanding(terms, now);
  return [
    ...(phase === 'lapsed' ? (['lapsed'] as const) : []),
    ...(phase === 'ended' ? (['ended'] as const) : []),
    ...(documentation === 'due' && now >= reminderAt(terms) ? (['reminder'] as const) : []),
    ...(documentation === 'overdue' ? (['overdue'] as const) : []),
  ];
}

function reminderAt({ grantedAt, confirmedAt, documentationDueAt }: OverrideTerms): Instant {
  const from = Date.parse(confirmedAt ?? grantedAt);
  const due = Date.parse(documentationDueAt);
  return new Date(from + (due - from) * REMINDED_AFTER).toISOString();
}
