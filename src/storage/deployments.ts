import { sql } from 'kysely';
import {
  type Deployment,
  type Digest,
  deploymentKey,
  type GovernanceStatus,
  type Instant,
  type Observation,
  type VerdictBasis,
} from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** A deployment with the verdict of the last tick. */
export interface DeploymentRow extends Deployment {
  readonly key: string;
  readonly status: GovernanceStatus;
  readonly basis: VerdictBasis | null;
  readonly firstSeenAt: string;
}

/** A deployment as seen, with what the judge says of it. */
export interface JudgedDeployment {
  readonly deployment: Deployment;
  readonly status: GovernanceStatus;
  readonly basis: VerdictBasis | null;
}

/** As many rows as one statement takes: Postgres allows 65,535 parameters. */
const BATCH = 1000;

/**
 * Stores what was seen of deployments, each of them once, and what the judge said. A deployment counts as first seen
 * anew when another model version takes its place.
 */
export async function saveDeployments(tx: Tx, judged: readonly JudgedDeployment[]): Promise<void> {
  for (let start = 0; start < judged.length; start += BATCH) {
    await tx
      .insertInto('deployments')
      .values(judged.slice(start, start + BATCH).map(toRow))
      .onConflict((oc) =>
        oc.column('key').doUpdateSet(({ ref }) => ({
          observation: ref('excluded.observation'),
          digest: ref('excluded.digest'),
          model_id: ref('excluded.model_id'),
          model_version: ref('excluded.model_version'),
          observed_at: ref('excluded.observed_at'),
          stale_since: ref('excluded.stale_since'),
          first_seen_at: sql<Instant>`case when (deployments.model_id, deployments.model_version)
            = (excluded.model_id, excluded.model_version) then deployments.first_seen_at else excluded.first_seen_at end`,
          status: ref('excluded.status'),
          basis: ref('excluded.basis'),
        })),
      )
      .execute();
  }
}

function toRow({ deployment, status, basis }: JudgedDeployment) {
  const { source, observedAt, staleSince, ...observation } = deployment;
  return {
    key: deploymentKey(deployment),
    source,
    environment: deployment.environment,
    observation: JSON.stringify(observation),
    digest: deployment.digest,
    model_id: deployment.modelId,
    model_version: deployment.modelVersion,
    observed_at: observedAt,
    stale_since: staleSince,
    first_seen_at: observedAt,
    status,
    basis: JSON.stringify(basis),
  };
}

/** Forgets all deployments but these. */
export async function removeDeploymentsBut(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('deployments')
    .where(sql<boolean>`key <> all(${[...keys]}::text[])`)
    .execute();
}

/** Deployments as last seen, in the order of their keys. */
export async function listDeployments(db: Db, filter: { modelId?: string } = {}): Promise<DeploymentRow[]> {
  let query = db.selectFrom('deployments').selectAll().orderBy('key');
  if (filter.modelId !== undefined) query = query.where('model_id', '=', filter.modelId);
  const rows = await query.execute();
  return rows.map((row) => ({
    ...(row.observation as Observation),
    digest: row.digest as Digest | null,
    key: row.key,
    source: row.source,
    observedAt: row.observed_at,
    staleSince: row.stale_since,
    firstSeenAt: row.first_seen_at,
    status: row.status as GovernanceStatus,
    basis: row.basis,
  }));
}
