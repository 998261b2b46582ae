import type { Digest, Instant, RiskTier, StatementId } from '../domain/index.ts';
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
