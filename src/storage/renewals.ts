import { sql } from 'kysely';
import type { CurrentInputs, Digest, Instant, ModelName, Principal } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { renewalColumns, type Said } from './derived/columns.ts';

/** Notes a renewal; false where the record has one of this number. */
export async function insertRenewal(tx: Tx, said: Said<'renewal/v1'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('renewals')
    .values(renewalColumns(said))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

/** What somebody reported last of the inputs of a model version. */
export interface InputReport extends ModelName {
  readonly artifact: Digest;
  readonly reporter: Principal;
  readonly digests: CurrentInputs['digests'];
  readonly reportedAt: Instant;
}

/** Keeps a report in the place of the reporter's last one; an older one never takes the place of a newer. */
export async function saveInputReport(db: Db, report: InputReport): Promise<void> {
  const { modelId, modelVersion, artifact, reporter, digests, reportedAt } = report;
  await db
    .insertInto('input_reports')
    .values({
      model_id: modelId,
      model_version: modelVersion,
      artifact_digest: artifact,
      subject: reporter.subject,
      reporter: JSON.stringify(reporter),
      digests: JSON.stringify(digests),
      reported_at: reportedAt,
    })
    .onConflict((oc) =>
      oc
        .columns(['model_id', 'model_version', 'artifact_digest', 'subject'])
        .doUpdateSet(({ ref }) => ({
          reporter: ref('excluded.reporter'),
          digests: ref('excluded.digests'),
          reported_at: ref('excluded.reported_at'),
          written_in: sql<string>`pg_current_xact_id()`,
        }))
        .whereRef('excluded.reported_at', '>=', 'input_reports.reported_at'),
    )
    .execute();
}

/** The reports on some bytes under a name, one of each reporter, the newest first. */
export async function inputReports(
  db: Db,
  { modelId, modelVersion }: ModelName,
  artifact: Digest,
): Promise<InputReport[]> {
  const rows = await db
    .selectFrom('input_reports')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('model_version', '=', modelVersion)
    .where('artifact_digest', '=', artifact)
    .orderBy('reported_at', 'desc')
    .orderBy('subject')
    .execute();
  return rows.map(({ reporter, digests, reported_at: reportedAt }) => ({
    modelId,
    modelVersion,
    artifact,
    reporter,
    digests,
    reportedAt,
  }));
}
