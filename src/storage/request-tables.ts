import type { Digest, Instant } from '../domain/index.ts';

/** What one surface asks of another that has a key which it must not have. Forgotten soon. */
interface RequestsTable<Done extends string> {
  id: string;
  asked_at: Instant;
  /** Null until it is answered. */
  outcome: Done | 'refused' | 'not_now' | null;
  /** What was made; in words why nothing was. */
  word: string | null;
}

/** Views that the monitor is asked to witness: what it signs travels with the view. */
export interface WitnessRequestsTable extends RequestsTable<'witnessed'> {
  /** The view's bundle. */
  view: string;
}

/** Evidence that the monitor asks for, to publish it. */
export interface EvidenceRequestsTable extends RequestsTable<'made'> {
  model_id: string;
  model_version: string;
  artifact: Digest;
}

/** What was answered. `refused`: the ledger is not in order; `not_now`: it may be had when asked again. */
export interface RequestAnswer {
  readonly outcome: 'witnessed' | 'made' | 'refused' | 'not_now';
  readonly word: string;
}
