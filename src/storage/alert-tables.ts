import type { Generated, JSONColumnType } from 'kysely';
import type { FindingKind, FindingStep, Instant } from '../domain/index.ts';

/** What happened to findings, in order. Unsigned state: mutes quiet messages and no verdict. */
export interface FindingEventsTable {
  id: Generated<number>;
  finding: number;
  kind: FindingStep['kind'];
  /** The step itself. */
  detail: JSONColumnType<FindingStep>;
  /** Person id; null where no person did it. */
  person: string | null;
  at: Instant;
  /** Names the cause, such as an action in the inbox; null where there can be no repeat. */
  source: string | null;
}

/** Findings that were too many to be told one by one. */
export interface StormsTable {
  id: Generated<number>;
  /** Null for several kinds. */
  kind: FindingKind | null;
  began_at: Instant;
}
