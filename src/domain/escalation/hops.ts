import type { Instant } from '../instant.ts';
import { type EscalationLevel, type EscalationPolicy, passing } from './policy.ts';

/** A moment at which people are asked again, or others are asked too. */
export type Hop =
  /** Those who were asked before are asked again. */
  | { readonly id: string; readonly kind: 'reminder'; readonly at: Instant }
  /** Others come in. */
  | {
      readonly id: string;
      readonly kind: 'escalation';
      readonly at: Instant;
      readonly level: EscalationLevel;
    };

/** What a request's hops are computed from. */
export interface HopBasis {
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
  /** Milliseconds in which an answer is expected. */
  readonly sla: number;
}

const LEVEL = 'level-';

/** Whether a hop, by its id, brings others in. */
export function isLevel(id: string): boolean {
  return id.startsWith(LEVEL);
}

/** The hops of a request in the order of their times; none at or after its end. */
export function hopsOf({ requestedAt, expiresAt, sla }: HopBasis, policy: EscalationPolicy): Hop[] {
  const reminders = policy.reminders.map((fraction, index): Hop => {
    return {
      id: `reminder-${index + 1}`,
      kind: 'reminder',
      at: passing(requestedAt, fraction * sla, policy),
    };
  });
  const escalations = policy.levels.map((level, index): Hop => {
    const at = passing(requestedAt, level.after * sla, policy);
    return { id: `${LEVEL}${index + 1}`, kind: 'escalation', at, level };
  });
  return [...reminders, ...escalations]
    .filter(({ at }) => at < expiresAt)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Hops whose time has come: those to be taken now, and those that came too late to be of use. */
export interface DueHops {
  readonly take: readonly Hop[];
  readonly skip: readonly Hop[];
}

/**
 * What is due at an instant of hops not yet done. Every level is taken, however late. Of reminders the last one alone,
 * and none where a level is taken: whoever was away for hours shall be asked once.
 */
export function dueHops(hops: readonly Hop[], done: ReadonlySet<string>, now: Instant): DueHops {
  const due = hops.filter(({ id, at }) => at <= now && !done.has(id));
  const levels = due.filter(({ kind }) => kind === 'escalation');
  const take = levels.length > 0 ? levels : due.slice(-1);
  return { take, skip: due.filter((hop) => !take.includes(hop)) };
}
