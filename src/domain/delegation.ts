import { later } from '../lib/index.ts';
import type { Instant } from './instant.ts';
import { type People, type PersonId, type Role, rolesAt } from './person.ts';
import { LONGEST_DELEGATION, type OnBehalfOf } from './statement/index.ts';

/** Who decided, and in whose place if in another's. */
export interface Decider {
  readonly person: PersonId;
  readonly onBehalfOf?: OnBehalfOf | undefined;
}

/** Whose votes a decision uses up: one human has one, whoever casts it. */
export function usedUpBy({ person, onBehalfOf }: Decider): readonly PersonId[] {
  return onBehalfOf === undefined ? [person] : [person, onBehalfOf.person];
}

/** Whether somebody may decide in another's place at an instant: never in their own, and never for over 30 days. */
export function isInForce(terms: OnBehalfOf, delegate: PersonId, at: Instant): boolean {
  return (
    terms.person !== delegate &&
    terms.from <= at &&
    at < terms.until &&
    terms.until <= later(terms.from, LONGEST_DELEGATION)
  );
}

/** Why nobody can be made to decide in a person's place. */
export type DelegationRefusal =
  | 'unknown_person'
  | 'unknown_delegate'
  | 'oneself'
  /** The delegator holds no role of their own; one that was delegated to them cannot be delegated on. */
  | 'no_role'
  | 'over_already'
  | 'too_long'
  /** The Slack account is deactivated, a guest's, a bot's or of another workspace. */
  | 'account_barred';

/** That somebody wants another to decide in their place from now on. */
export interface DelegateCommand {
  readonly delegator: PersonId;
  /** Null where the people map does not know who was named. */
  readonly delegate: PersonId | null;
  readonly until: Instant;
  readonly people: People;
  readonly now: Instant;
}

/** The roles that would be delegated: all that the delegator holds now, by the people map or a user group. */
export function delegate({
  delegator,
  delegate: other,
  until,
  people,
  now,
}: DelegateCommand):
  | { readonly ok: true; readonly delegate: PersonId; readonly roles: readonly Role[] }
  | { readonly ok: false; readonly refusal: DelegationRefusal } {
  const refuse = (refusal: DelegationRefusal) => ({ ok: false as const, refusal });
  if (!people.has(delegator)) return refuse('unknown_person');
  if (other === null || !people.has(other)) return refuse('unknown_delegate');
  if (other === delegator) return refuse('oneself');
  const roles = [...rolesAt(people, delegator, now)].sort();
  if (roles.length === 0) return refuse('no_role');
  if (until <= now) return refuse('over_already');
  if (until > later(now, LONGEST_DELEGATION)) return refuse('too_long');
  return { ok: true, delegate: other, roles };
}
