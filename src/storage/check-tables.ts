import type { Generated, JSONColumnType } from 'kysely';
import type { AuditOutcome, CaseAnswer, Instant, Principal } from '../domain/index.ts';

/** What checks amounted to, held against cases whose right answer is known. */
export interface CheckAuditsTable {
  id: Generated<number>;
  check_name: string;
  version: string;
  audited_at: Instant;
  outcome: AuditOutcome;
  answers: JSONColumnType<CaseAnswer[]>;
  gaps: JSONColumnType<string[]>;
  /** Digests of the cases that it answered rightly. */
  right_cases: JSONColumnType<string[]>;
}

/** Runs that were queued because a check had been wrong. */
export interface RerunsTable {
  run_id: string;
  /** The run in whose place it shall come. */
  of_run: string;
  check_name: string;
  /** The version with which it was queued to be run. */
  check_version: string;
  since: Instant;
  /** Who asked for it; the submitter of the run stays who it was. */
  asked_by: JSONColumnType<Principal>;
  asked_at: Instant;
}
