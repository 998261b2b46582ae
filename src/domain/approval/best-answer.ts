import { type Decider, usedUpBy } from '../delegation.ts';
import type { PersonId } from '../person.ts';
import type { OnBehalfOf } from '../statement/index.ts';
import {
  type Approval,
  type DecideCommand,
  type DecideResult,
  decide,
  evolve,
  type GivenDecision,
  missingRoles,
} from './approval.ts';

/** A delegation as it stands at some time: who may decide, in whose place and on which terms. */
export interface Lent {
  readonly delegate: PersonId;
  readonly terms: OnBehalfOf;
}

/**
 * Weighs an answer in the way in which it helps most: for the person themselves, unless it would bring the request no
 * nearer to its end and it would in the place of somebody who has delegated to them.
 */
export function decideAsBest(
  command: DecideCommand,
  approval: Approval,
  lent: readonly Lent[],
): DecideResult {
  const own = decide(command, approval);
  if (own.ok && helps(own.decision, command, approval)) return own;
  const inPlace = lent
    .filter(({ delegate }) => delegate === command.person)
    .map(({ terms }) => decide({ ...command, onBehalfOf: terms }, approval));
  const helping = inPlace.find((result) => result.ok && helps(result.decision, command, approval));
  if (helping !== undefined) return helping;
  if (own.ok || own.refusal !== 'no_role') return own;
  return inPlace.find(({ ok }) => ok) ?? inPlace[0] ?? own;
}

/** Whether an answer brings a request nearer to its end. */
export function helps(
  decision: GivenDecision,
  { people, now }: Pick<DecideCommand, 'people' | 'now'>,
  approval: Approval,
): boolean {
  if (decision.decision === 'rejected') return true;
  const [before, after] = [approval, evolve(approval, decision)];
  return missingRoles(after, people, now).length < missingRoles(before, people, now).length;
}

/** Everybody whose vote some decisions have used up. */
export function whoVoted(decisions: readonly Decider[]): ReadonlySet<PersonId> {
  return new Set(decisions.flatMap(usedUpBy));
}
