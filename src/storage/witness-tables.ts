import type { Instant } from '../domain/index.ts';

/** Views that the monitor is asked to witness. Forgotten soon: what it signs travels with the view. */
export interface WitnessRequestsTable {
  id: string;
  /** The view's bundle. */
  view: string;
  asked_at: Instant;
  /** Null until it is answered. */
  outcome: WitnessAnswer['outcome'] | null;
  /** The bundle of what was signed; in words why nothing was. */
  word: string | null;
}

/** What the monitor answered. `refused`: the ledger is not as the view says; `not_now`: it may be witnessed when asked again. */
export interface WitnessAnswer {
  readonly outcome: 'witnessed' | 'refused' | 'not_now';
  readonly word: string;
}
