import type {
  ApprovalState,
  ApprovalView,
  Assurance,
  Ending,
  GivenDecision,
  Instant,
  OpenRole,
  PersonId,
} from '../../../domain/index.ts';
import type { NamePerson } from './people.ts';

/** A decision as the card shows it. */
export interface ShownDecision extends GivenDecision {
  readonly reason: string | null;
  /** How the answer was given; a click or a form unless said. */
  readonly assurance?: Assurance;
}

/** A moment at which people were asked again, or others came in. */
export interface TakenHop {
  readonly hop: string;
  readonly takenAt: Instant;
  readonly outcome: 'asked' | 'nobody' | 'skipped';
  readonly asked: readonly PersonId[];
}

/** All that an approval card shows. */
export interface ApprovalCard {
  /** By which the card is found again. */
  readonly presentationId: string;
  /** The value of its buttons. */
  readonly button: string;
  readonly view: ApprovalView;
  readonly state: ApprovalState;
  /** When it was decided or superseded; null while it is neither. */
  readonly closedAt: Instant | null;
  /** Why it is superseded; absent or null where a newer submission took its place. */
  readonly ending?: Ending | null;
  readonly decisions: readonly ShownDecision[];
  /** Roles that nobody has covered yet, with those who could. */
  readonly openRoles: readonly OpenRole[];
  /** In the order in which they were taken. */
  readonly escalations: readonly TakenHop[];
  /** When the card is made: what the time that is left counts from. */
  readonly now: Instant;
  /** Where the run can be read in full. */
  readonly runUrl: string | null;
  readonly nameOf: NamePerson;
}
