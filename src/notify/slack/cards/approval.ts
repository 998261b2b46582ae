import type { ApprovalState, ApprovalView, Ending, GivenDecision, Instant } from '../../../domain/index.ts';
import type { NamePerson, OpenRole } from './people.ts';

/** A decision as the card shows it. */
export interface ShownDecision extends GivenDecision {
  readonly reason: string | null;
}

/** All that an approval card shows. */
export interface ApprovalCard {
  /** The buttons' opaque value. */
  readonly presentationId: string;
  readonly view: ApprovalView;
  readonly state: ApprovalState;
  /** When it was decided or superseded; null while it is neither. */
  readonly closedAt: Instant | null;
  /** Why it is superseded; absent or null where a newer submission took its place. */
  readonly ending?: Ending | null;
  readonly decisions: readonly ShownDecision[];
  /** Roles that nobody has covered yet, with those who could. */
  readonly openRoles: readonly OpenRole[];
  /** Where an approved model may serve traffic. */
  readonly environment: string;
  /** Where the run can be read in full. */
  readonly runUrl: string | null;
  readonly nameOf: NamePerson;
}
