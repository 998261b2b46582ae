import { sql } from 'kysely';
import type { Digest, Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

/** Every model that was ever submitted or is deployed. */
export async function modelIds(db: Db): Promise<string[]> {
  const { rows } = await sql<{ model_id: string }>`
    select model_id from runs union select model_id from deployments order by model_id limit 10000`.execute(
    db,
  );
  return rows.map((row) => row.model_id);
}

/** A name under which an artifact was submitted or seen. */
export interface ArtifactName {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly digest: Digest;
  /** Where it serves; null where it was submitted. */
  readonly deployment: string | null;
}

/** Names of artifacts whose digest, or OCI manifest's, begins so, of submissions first; at most so many. */
export async function artifactsLike(db: Db, prefix: string, most: number): Promise<ArtifactName[]> {
  const like = `${prefix}%`;
  const { rows } = await sql<{
    model_id: string;
    model_version: string;
    digest: string;
    deployment: string | null;
  }>`
    select distinct model_id, model_version, artifact_digest as digest, null as deployment
      from runs where artifact_digest like ${like}
    union
    select model_id, model_version, equivalent ->> 'digest', null
      from runs, jsonb_array_elements(artifact -> 'equivalents') as equivalent
      where equivalent ->> 'scheme' = 'oci_manifest' and equivalent ->> 'digest' like ${like}
    union all
    select model_id, model_version, digest, key from deployments where digest like ${like}
    limit ${most}`.execute(db);
  return rows.map((row) => ({
    modelId: row.model_id,
    modelVersion: row.model_version,
    digest: row.digest as Digest,
    deployment: row.deployment,
  }));
}

/**
 * Artifacts that were submitted under each of some OCI manifests. Rows prove nothing: the statements about them have to say
 * so too.
 */
export async function artifactsUnder(
  db: Db,
  manifests: readonly Digest[],
): Promise<ReadonlyMap<Digest, readonly Digest[]>> {
  const { rows } = await sql<{ manifest: Digest; digest: Digest }>`
    select manifest, digest from unnest(${[...manifests]}::text[]) as asked (manifest), lateral (
      select distinct artifact_digest as digest from runs
      where artifact -> 'equivalents' @>
          jsonb_build_array(jsonb_build_object('scheme', 'oci_manifest', 'digest', manifest))
        and artifact_digest <> manifest
      order by 1 limit 100) as found`.execute(db);
  const byManifest = Map.groupBy(rows, ({ manifest }) => manifest);
  return new Map([...byManifest].map(([manifest, found]) => [manifest, found.map(({ digest }) => digest)]));
}

/** The version of each model that was submitted last, the models that were submitted last first. */
export async function newestVersions(db: Db, limit: number): Promise<Omit<ArtifactName, 'deployment'>[]> {
  const { rows } = await sql<{ model_id: string; model_version: string; digest: string }>`
    select model_id, model_version, artifact_digest as digest from (
      select distinct on (model_id) model_id, model_version, artifact_digest, submitted_at
        from runs order by model_id, submitted_at desc) as newest
    order by submitted_at desc limit ${limit}`.execute(db);
  return rows.map((row) => ({
    modelId: row.model_id,
    modelVersion: row.model_version,
    digest: row.digest as Digest,
  }));
}

/** Something in which words were found. */
export interface FoundRow {
  readonly kind: 'run' | 'finding';
  readonly modelId: string;
  readonly modelVersion: string;
  /** How it stands, in a word. */
  readonly state: string;
  /** In which the words stand, beside the name. */
  readonly text: string;
  readonly at: Instant;
}

/** Runs and findings that hold all words, in whatever field that people see, newest first. */
export async function searchWords(
  db: Db,
  words: readonly string[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<FoundRow[]> {
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  const { rows } = await sql<{
    kind: FoundRow['kind'];
    model_id: string;
    model_version: string;
    state: string;
    shown: string;
    at: Instant;
  }>`
    select * from (
      select 'run' as kind, model_id, model_version, state, coalesce(failure, '') as shown, submitted_at as at,
        concat_ws(' ', model_id, model_version, state, failure, risk_tier, artifact_digest,
          submitter ->> 'subject') as haystack
        from runs
      union all
      select 'finding', finding ->> 'modelId', finding ->> 'modelVersion', state, finding ->> 'summary', fired_at,
        concat_ws(' ', kind, severity, state, finding ->> 'modelId', finding ->> 'modelVersion',
          finding ->> 'environment', finding ->> 'deployment', finding ->> 'summary')
        from findings) as everything
    where haystack ilike all (${patterns})
    order by at desc, model_id, model_version limit ${limit} offset ${offset}`.execute(db);
  return rows.map((row) => ({
    kind: row.kind,
    modelId: row.model_id,
    modelVersion: row.model_version,
    state: row.state,
    text: row.shown,
    at: row.at,
  }));
}
