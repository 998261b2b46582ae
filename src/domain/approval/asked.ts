import type { Hop } from '../escalation/hops.ts';
import type { EscalationLevel } from '../escalation/policy.ts';
import type { Instant } from '../instant.ts';
import type { People, PersonId } from '../person.ts';
import type { Approval } from './approval.ts';
import { decideAsBest, helps, type Lent } from './best-answer.ts';

/**
 * Everybody whose approval now would count and bring a request nearer to its quorum, be it in the place of somebody who
 * delegated to them; nobody else need be asked.
 */
export function whoCanHelp(
  approval: Approval,
  people: People,
  now: Instant,
  lent: readonly Lent[] = [],
): PersonId[] {
  return [...people.keys()].filter((person) => {
    const answer = {
      person,
      decision: 'approved' as const,
      view: approval.view,
      reason: null,
      assurance: 'slack_confirm' as const,
      people,
      now,
    };
    const result = decideAsBest(answer, approval, lent);
    return result.ok && helps(result.decision, answer, approval);
  });
}

/** Somebody who can help. */
export interface Helper {
  readonly person: PersonId;
  /** Whether they hold what they could help with as a backup only. */
  readonly backup: boolean;
}

/**
 * Whom a hop asks of those who can help. A reminder: those who were asked first, who are no backups unless there are
 * only backups, and those whom earlier levels brought in. A level: whom it brings in besides.
 */
export function askedBy(hop: Hop, earlier: readonly Hop[], helpers: readonly Helper[]): PersonId[] {
  const levels = earlier.flatMap((before) => (before.kind === 'escalation' ? [before.level] : []));
  const before = new Set([...askedFirst(helpers), ...broughtIn(levels, helpers)]);
  if (hop.kind === 'reminder') return [...before];
  return broughtIn([hop.level], helpers).filter((person) => !before.has(person));
}

/** Whom a request is put to when it is made. */
function askedFirst(helpers: readonly Helper[]): PersonId[] {
  const first = helpers.filter(({ backup }) => !backup);
  return (first.length > 0 ? first : helpers).map(({ person }) => person);
}

function broughtIn(levels: readonly EscalationLevel[], helpers: readonly Helper[]): PersonId[] {
  const isBrought = ({ person, backup }: Helper) =>
    levels.some((level) => (level.backups && backup) || level.people.includes(person));
  return helpers.filter(isBrought).map(({ person }) => person);
}
