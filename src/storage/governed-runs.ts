import { type RawBuilder, sql } from 'kysely';
import type { Digest, Instant, ModelName, StatementId } from '../domain/index.ts';
import type { Db } from './database.ts';
import { fromRow, type Run } from './runs.ts';

/** A run that ended well, with its governance record. */
export interface GovernedRun {
  readonly run: Run;
  readonly record: StatementId;
  readonly issuedAt: Instant;
}

/**
 * The run to hold another against: the last in which everything that was required passed and was approved, of the same
 * bytes under the same version where there is one, else of whatever version; never the given one. Null for none.
 */
export async function lastGovernedRun(
  db: Db,
  { modelId, modelVersion, artifact, id }: Pick<Run, 'modelId' | 'modelVersion' | 'artifact' | 'id'>,
): Promise<GovernedRun | null> {
  const row = await db
    .selectFrom('runs')
    .innerJoin('records', 'records.run_id', 'runs.id')
    .selectAll('runs')
    .select(['records.statement', 'records.issued_at'])
    .where('runs.model_id', '=', modelId)
    .where('runs.state', '=', 'completed')
    .where('runs.id', '!=', id)
    .orderBy(
      sql<boolean>`runs.model_version = ${modelVersion} and runs.artifact_digest = ${artifact.digest}`,
      'desc',
    )
    .orderBy('records.issued_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { run: fromRow(row), record: row.statement as StatementId, issuedAt: row.issued_at };
}

/** The newest run of some bytes under a name, known by their digest or by that of their OCI manifest; null when they were never submitted under it. */
export async function latestRunOf(
  db: Db,
  { modelId, modelVersion }: ModelName,
  artifact: Digest,
): Promise<Run | null> {
  const row = await db
    .selectFrom('runs')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('model_version', '=', modelVersion)
    .where(isRunOf(artifact))
    .orderBy('submitted_at', 'desc')
    .orderBy('attempt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/**
 * Whether a run is of an artifact that goes by a digest: of its bytes, or of the OCI manifest under which they were found.
 * @param digest a value, or a column of another table
 */
export function isRunOf(digest: Digest | RawBuilder<string>): RawBuilder<boolean> {
  return sql<boolean>`(runs.artifact_digest = ${digest} or runs.artifact -> 'equivalents'
    @> jsonb_build_array(jsonb_build_object('scheme', 'oci_manifest', 'digest', (${digest})::text)))`;
}
