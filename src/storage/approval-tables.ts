import type { ColumnType, JSONColumnType } from 'kysely';
import type { ApprovalView, Instant, OnBehalfOf } from '../domain/index.ts';

/** Requests for approval, with what deciders are shown. */
export interface ApprovalRequestsTable {
  /** Id of the approval-request statement. */
  id: string;
  run_id: string;
  record: string;
  model_id: string;
  model_version: string;
  artifact_digest: string;
  view: JSONColumnType<ApprovalView>;
  view_digest: string;
  requested_at: Instant;
  due_at: Instant;
  expires_at: Instant;
  /** Set when a newer run of the same model version took the request's place, or it ended for another reason undecided. */
  superseded_at: Instant | null;
  /** Why, where no newer run took its place. */
  ending: string | null;
  /** Set when the quorum was reached or somebody rejected. */
  decided_at: Instant | null;
  /** Set when it was noticed that the request's time had run out. */
  lapsed_at: Instant | null;
}

/** Answers to requests, those that were withdrawn among them. */
export interface ApprovalDecisionsTable {
  request: string;
  person: string;
  roles: JSONColumnType<string[]>;
  decision: 'approved' | 'rejected';
  statement: string;
  assurance: string;
  /** The person's words; erasable, only their salted digest is signed. */
  reason: string | null;
  reason_salt: string | null;
  decided_at: Instant;
  /** The terms on which it was made in another's place; null where it was for the person themselves. */
  on_behalf_of: ColumnType<OnBehalfOf | null, string | null, never>;
  withdrawn_at: Instant | null;
  /** Id of the statement that withdrew it. */
  withdrawal: string | null;
}
