import { sql } from 'kysely';
import type { Digest, Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** The newest word of a process that serves a model. */
export interface ReportRow {
  readonly environment: string;
  readonly deployment: string;
  /** Whose token it was. */
  readonly subject: string;
  /** Tells the processes of a deployment apart. */
  readonly instance: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly digest: Digest | null;
  readonly replicas: number;
  /** When it first said this. */
  readonly since: Instant;
  readonly reportedAt: Instant;
  /** From then on its word is stale. */
  readonly expiresAt: Instant;
}

/** Which reports are meant: all of a deployment, or those of one subject or process. */
export interface ReportFilter {
  readonly environment: string;
  readonly deployment: string;
  readonly subject?: string;
  readonly instance?: string;
}

/**
 * Keeps the newest word of a process; one that says the same as before says it since then. Processes of the same deployment
 * whose word is stale by now are forgotten.
 */
export async function saveReport(tx: Tx, report: ReportRow): Promise<void> {
  await tx
    .insertInto('deployment_reports')
    .values({
      environment: report.environment,
      deployment: report.deployment,
      subject: report.subject,
      instance: report.instance,
      model_id: report.modelId,
      model_version: report.modelVersion,
      digest: report.digest,
      replicas: report.replicas,
      since: report.since,
      reported_at: report.reportedAt,
      expires_at: report.expiresAt,
    })
    .onConflict((oc) =>
      oc.columns(['environment', 'deployment', 'subject', 'instance']).doUpdateSet(({ ref }) => ({
        model_id: ref('excluded.model_id'),
        model_version: ref('excluded.model_version'),
        digest: ref('excluded.digest'),
        replicas: ref('excluded.replicas'),
        since: sql<Instant>`case when (deployment_reports.model_id, deployment_reports.model_version, deployment_reports.digest)
          is not distinct from (excluded.model_id, excluded.model_version, excluded.digest)
          then deployment_reports.since else excluded.since end`,
        reported_at: ref('excluded.reported_at'),
        expires_at: ref('excluded.expires_at'),
      })),
    )
    .execute();
  await tx
    .deleteFrom('deployment_reports')
    .where('environment', '=', report.environment)
    .where('deployment', '=', report.deployment)
    .where('expires_at', '<=', report.reportedAt)
    .execute();
}

/** Forgets reports; returns how many there were. */
export async function removeReports(db: Db, filter: ReportFilter): Promise<number> {
  const { environment, deployment, subject, instance } = filter;
  let query = db
    .deleteFrom('deployment_reports')
    .where('environment', '=', environment)
    .where('deployment', '=', deployment);
  if (subject !== undefined) query = query.where('subject', '=', subject);
  if (instance !== undefined) query = query.where('instance', '=', instance);
  return Number((await query.executeTakeFirstOrThrow()).numDeletedRows);
}

/** How many reports of a subject are kept. */
export async function countReportsBy(db: Db, subject: string): Promise<number> {
  const { count } = await db
    .selectFrom('deployment_reports')
    .where('subject', '=', subject)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** All reports, those of a deployment together, and of each the longest standing first. */
export async function listReports(db: Db): Promise<ReportRow[]> {
  const rows = await db
    .selectFrom('deployment_reports')
    .selectAll()
    .orderBy('environment')
    .orderBy('deployment')
    .orderBy('since')
    .orderBy('subject')
    .orderBy('instance')
    .execute();
  return rows.map(({ environment, deployment, subject, instance, replicas, since, ...row }) => ({
    ...{ environment, deployment, subject, instance, replicas, since },
    modelId: row.model_id,
    modelVersion: row.model_version,
    digest: row.digest as Digest | null,
    reportedAt: row.reported_at,
    expiresAt: row.expires_at,
  }));
}
