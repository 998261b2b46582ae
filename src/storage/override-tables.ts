import type { JSONColumnType } from 'kysely';
import type { Artifact, Instant } from '../domain/index.ts';

/** Overrides beside their statements. */
export interface OverridesTable {
  /** Id of the override statement. */
  id: string;
  /** Names what asked for it, so that the same wish is granted once. */
  wish: string;
  model_id: string;
  model_version: string;
  environment: string;
  artifact: JSONColumnType<Artifact>;
  person: string;
  /** The person's words; erasable, only their salted digest is signed. */
  reason: string | null;
  reason_salt: string;
  reference: string | null;
  unmet: JSONColumnType<{ code: string; message: string }[]>;
  /** Person ids of the approvers who were passed over, and are told. */
  informed: JSONColumnType<string[]>;
  needs_confirmation: boolean;
  granted_at: Instant;
  expires_at: Instant;
  documentation_due_at: Instant;
  /** The second person, with the id of their statement. */
  confirmed_by: string | null;
  confirmation: string | null;
  confirmed_at: Instant | null;
  documented_by: string | null;
  documentation_statement: string | null;
  /** The person's words; erasable. */
  documentation: string | null;
  documentation_salt: string | null;
  documented_at: Instant | null;
}

/** Moments in an override's life that were noticed. */
export interface OverrideMilestonesTable {
  override: string;
  milestone: string;
  taken_at: Instant;
}
