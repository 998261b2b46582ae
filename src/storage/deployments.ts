import {
  type Deployment,
  type Digest,
  deploymentKey,
  type GovernanceStatus,
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

/** Stores what was seen of a deployment, and what the judge said of it. */
export async function saveDeployment(
  tx: Tx,
  deployment: Deployment,
  verdict: { status: GovernanceStatus; basis: VerdictBasis | null },
): Promise<void> {
  const { source, observedAt, ...observation } = deployment;
  const row = {
    source,
    environment: deployment.environment,
    observation: JSON.stringify(observation),
    digest: deployment.digest,
    model_id: deployment.modelId,
    model_version: deployment.modelVersion,
    observed_at: observedAt,
    status: verdict.status,
    basis: JSON.stringify(verdict.basis),
  };
  await tx
    .insertInto('deployments')
    .values({ key: deploymentKey(deployment), first_seen_at: observedAt, ...row })
    .onConflict((oc) => oc.column('key').doUpdateSet(row))
    .execute();
}

/** Forgets deployments that a source, fully read, no longer shows. */
export async function removeDeploymentsBut(tx: Tx, source: string, keys: readonly string[]): Promise<void> {
  let query = tx.deleteFrom('deployments').where('source', '=', source);
  if (keys.length > 0) query = query.where('key', 'not in', [...keys]);
  await query.execute();
}

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
    firstSeenAt: row.first_seen_at,
    status: row.status as GovernanceStatus,
    basis: row.basis,
  }));
}
