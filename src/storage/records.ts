import { sql } from 'kysely';
import type { Digest, Instant, ModelName, RiskTier, StatementId } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { recordColumns, type Said } from './derived/columns.ts';

/** A governance record in the table that finds it by name. */
export interface RecordRow {
  readonly statement: StatementId;
  readonly runId: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly artifact: Digest;
  readonly riskTier: RiskTier;
  readonly issuedAt: Instant;
  readonly validUntil: Instant;
}

/** Stores what finds a governance record by name. One per run. */
export async function insertRecord(tx: Tx, said: Said<'governance-record/v1'>): Promise<void> {
  await tx.insertInto('records').values(recordColumns(said)).execute();
}

/** Records of a model, newest first. */
export async function listRecords(
  db: Db,
  filter: { modelId: string; modelVersion?: string },
): Promise<RecordRow[]> {
  let query = db
    .selectFrom('records')
    .selectAll()
    .where('model_id', '=', filter.modelId)
    .orderBy('issued_at', 'desc');
  if (filter.modelVersion !== undefined) query = query.where('model_version', '=', filter.modelVersion);
  const rows = await query.execute();
  return rows.map((row) => ({
    statement: row.statement as StatementId,
    runId: row.run_id,
    modelId: row.model_id,
    modelVersion: row.model_version,
    artifact: row.artifact_digest as Digest,
    riskTier: row.risk_tier,
    issuedAt: row.issued_at,
    validUntil: row.valid_until,
  }));
}

/** A name, and the first hex digits of a digest. */
interface DigestBeginning extends ModelName {
  readonly begins: string;
}

/**
 * For each name the newest digest that begins as it says, of those by which what was governed under it may be known: of its
 * bytes, and of the OCI manifest. Null where none does.
 */
export async function digestsGoverned(
  db: Db,
  wanted: readonly DigestBeginning[],
): Promise<(Digest | null)[]> {
  if (wanted.length === 0) return [];
  const ids = wanted.map(({ modelId }) => modelId);
  const versions = wanted.map(({ modelVersion }) => modelVersion);
  const begins = wanted.map((each) => `sha256:${each.begins}`);
  const { rows } = await sql<{ place: number; digest: Digest }>`
    select distinct on (place) place::int, known.digest
    from unnest(${ids}::text[], ${versions}::text[], ${begins}::text[]) with ordinality
      as wanted (model_id, model_version, begins, place)
    join records using (model_id, model_version) join runs on runs.id = records.run_id
    cross join lateral (
      select records.artifact_digest as digest union all
      select manifest ->> 'digest'
        from jsonb_path_query(runs.artifact, '$.equivalents[*] ? (@.scheme == "oci_manifest")') as manifest) as known
    where starts_with(known.digest, wanted.begins)
    order by place, records.issued_at desc`.execute(db);
  const found = new Map(rows.map(({ place, digest }) => [place, digest]));
  return wanted.map((_, index) => found.get(index + 1) ?? null);
}

/**
 * Artifacts with governance records under each of some names, in the order of the names; of each the newest first, and of
 * those of one instant always the same.
 */
export async function artifactsNamed(db: Db, names: readonly ModelName[]): Promise<Digest[][]> {
  const ids = names.map(({ modelId }) => modelId);
  const versions = names.map(({ modelVersion }) => modelVersion);
  const { rows } = await sql<{ place: number; digest: Digest }>`
    select place, artifact_digest as digest
    from unnest(${ids}::text[], ${versions}::text[]) with ordinality as name (model_id, model_version, place)
      join records using (model_id, model_version)
    group by place, artifact_digest order by place, max(issued_at) desc, artifact_digest`.execute(db);
  const byPlace = Map.groupBy(rows, ({ place }) => place);
  return names.map((_, at) => (byPlace.get(at + 1) ?? []).map(({ digest }) => digest));
}
