import { sql } from 'kysely';
import {
  type Deployment,
  type Digest,
  deploymentKey,
  type GovernanceStatus,
  type Observation,
  type VerdictBasis,
} from '../domain/index.ts';
import { batches } from './batches.ts';
import type { Db, Tx } from './database.ts';

/** A deployment with the verdict of the last tick. */
export interface DeploymentRow extends Deployment {
  readonly key: string;
  readonly status: GovernanceStatus;
  readonly basis: VerdictBasis | null;
  readonly firstSeenAt: string;
  /** It was so whenever its source was looked at last. */
  readonly asOfLook: boolean;
}

/** A deployment as seen, with what the judge says of it. */
export interface JudgedDeployment {
  readonly deployment: Deployment;
  /** It was so whenever its source was looked at last: then it need not be stored again at each look. */
  readonly asOfLook?: boolean;
  readonly status: GovernanceStatus;
  readonly basis: VerdictBasis | null;
}

/**
 * Stores what was seen of deployments, each of them once, and what the judge said. A deployment counts as first seen
 * anew when another model version takes its place.
 */
export async function saveDeployments(tx: Tx, judged: readonly JudgedDeployment[]): Promise<void> {
  for (const some of batches(judged)) {
    await sql`insert into deployments (key, source, environment, observation, digest, model_id, model_version,
        observed_at, stale_since, first_seen_at, status, basis)
      select key, source, environment, observation, digest, model_id, model_version,
        observed_at, stale_since, first_seen_at, status, basis
      from jsonb_to_recordset(${JSON.stringify(some.map(toRow))}::jsonb) as seen (key text, source text,
        environment text, observation jsonb, digest text, model_id text, model_version text, observed_at timestamptz,
        stale_since timestamptz, first_seen_at timestamptz, status text, basis jsonb)
      on conflict (key) do update set observation = excluded.observation, digest = excluded.digest,
        model_id = excluded.model_id, model_version = excluded.model_version, observed_at = excluded.observed_at,
        stale_since = excluded.stale_since, status = excluded.status, basis = excluded.basis,
        first_seen_at = case when (deployments.model_id, deployments.model_version)
          = (excluded.model_id, excluded.model_version) then deployments.first_seen_at else excluded.first_seen_at end`.execute(
      tx,
    );
  }
}

function toRow({ deployment, asOfLook = false, status, basis }: JudgedDeployment) {
  const { source, observedAt, staleSince, ...observation } = deployment;
  return {
    key: deploymentKey(deployment),
    source,
    environment: deployment.environment,
    observation,
    digest: deployment.digest,
    model_id: deployment.modelId,
    model_version: deployment.modelVersion,
    observed_at: asOfLook ? null : observedAt,
    stale_since: staleSince,
    first_seen_at: observedAt,
    status,
    basis,
  };
}

/** Forgets deployments. */
export async function removeDeployments(tx: Tx, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx
    .deleteFrom('deployments')
    .where(sql<boolean>`key = any(${[...keys]}::text[])`)
    .execute();
}

/** Deployments as last seen, in the order of their keys. */
export async function listDeployments(db: Db, filter: { modelId?: string } = {}): Promise<DeploymentRow[]> {
  let query = db
    .selectFrom('deployments')
    .leftJoin('inventory_sources', 'inventory_sources.name', 'deployments.source')
    .select([
      'key',
      'source',
      'observation',
      'digest',
      'observed_at',
      'stale_since',
      'first_seen_at',
      'status',
    ])
    .select([sql<string | null>`basis::text`.as('basis'), 'inventory_sources.looked_at'])
    .orderBy('key');
  if (filter.modelId !== undefined) query = query.where('model_id', '=', filter.modelId);
  const rows = await query.execute();
  const basisIn = createBasisReader();
  return rows.map((row) => ({
    ...(row.observation as Observation),
    digest: row.digest as Digest | null,
    key: row.key,
    source: row.source,
    observedAt: row.observed_at ?? row.looked_at ?? row.first_seen_at,
    asOfLook: row.observed_at === null,
    staleSince: row.stale_since,
    firstSeenAt: row.first_seen_at,
    status: row.status as GovernanceStatus,
    basis: row.basis === null ? null : basisIn(row.basis),
  }));
}

/** Many deployments rest on the same: each text is read once. */
function createBasisReader(): (text: string) => VerdictBasis {
  const known = new Map<string, VerdictBasis>();
  return (text) => {
    const basis = known.get(text) ?? (JSON.parse(text) as VerdictBasis);
    known.set(text, basis);
    return basis;
  };
}
