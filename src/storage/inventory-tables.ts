import type { Generated, JSONColumnType } from 'kysely';
import type { Instant, Observation, VerdictBasis } from '../domain/index.ts';

/** What is deployed, as last seen and judged. */
export interface DeploymentsTable {
  /** source/environment/deployment. */
  key: string;
  source: string;
  environment: string;
  observation: JSONColumnType<Observation>;
  digest: string | null;
  model_id: string;
  model_version: string;
  /** When what is said of it was so; null for whenever its source was looked at last. */
  observed_at: Instant | null;
  /** Since when it stands as it was last seen; null while it is seen. */
  stale_since: Instant | null;
  first_seen_at: Instant;
  status: string;
  basis: JSONColumnType<VerdictBasis | null>;
}

/** What was deployed where, from when to when; a row for each change. */
export interface DeploymentHistoryTable {
  id: Generated<number>;
  /** source/environment/deployment. */
  key: string;
  source: string;
  environment: string;
  model_id: string;
  model_version: string;
  digest: string | null;
  /** What was seen when it began. */
  observation: JSONColumnType<Observation>;
  valid_from: Instant;
  /** Null while it still is so. */
  valid_to: Instant | null;
}

/** How each source of the inventory stands, so that schedules go on and staleness keeps its age over restarts. */
export interface InventorySourcesTable {
  name: string;
  /** When the newest look began. */
  looked_at: Instant;
  /** When everything was seen last; null for never. */
  seen_at: Instant | null;
  /** The first look since then that did not show everything; null while all is seen. */
  failing_since: Instant | null;
  /** What the newest look could not see, in words; null while all is seen. */
  problem: string | null;
  /** How many deployments the newest look that showed something showed. */
  deployments: number;
}

/** What serving processes said of themselves: the newest word of each. */
export interface DeploymentReportsTable {
  environment: string;
  deployment: string;
  /** Whose token it was. */
  subject: string;
  /** Tells the processes of a deployment apart. */
  instance: string;
  model_id: string;
  model_version: string;
  digest: string | null;
  replicas: number;
  /** When it first said this. */
  since: Instant;
  reported_at: Instant;
  /** From then on its word is stale. */
  expires_at: Instant;
}

/** Model versions that were ever governed where they were deployed. */
export interface ProductionsTable {
  model_id: string;
  model_version: string;
  /** When they were first seen deployed. */
  first_seen_at: Instant;
  /** When their training ended, as the submitter said. */
  trained_at: Instant;
}
