import type { JSONColumnType } from 'kysely';
import type { Instant } from '../domain/index.ts';

/** People who decide in the place of others; rows are ended, never deleted. */
export interface DelegationsTable {
  /** Id of the delegation statement. */
  id: string;
  delegator: string;
  delegate: string;
  roles: JSONColumnType<string[]>;
  held_from: Instant;
  held_until: Instant;
  /** The delegator's words; erasable, only their salted digest is signed. */
  reason: string | null;
  reason_salt: string | null;
  /** When it was stopped, or replaced, or noticed to be over; null while nothing of that happened. */
  ended_at: Instant | null;
  /** Id of the statement that ended it early. */
  ended_by: string | null;
}
