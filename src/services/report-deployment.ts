import { z } from 'zod';
import { CountersignError, Digest, type Instant, ModelId, ModelVersion } from '../domain/index.ts';
import { DeploymentName } from '../inventory/index.ts';
import { later, SECOND } from '../lib/index.ts';
import { countReportsBy, removeReports, saveReport } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** What a process that serves a model says of itself. */
export const DeploymentReport = z.strictObject({
  deployment: DeploymentName.describe('The deployment that it belongs to, unique within its environment.'),
  environment: DeploymentName.describe('Where it serves.'),
  modelId: ModelId.describe('The model that it serves.'),
  modelVersion: ModelVersion.describe('Its version.'),
  digest: Digest.nullable().describe('Digest of the bytes that it loaded; null where it cannot tell.'),
  instance: DeploymentName.default('only').describe(
    'Tells the processes of a deployment apart, such as the name of a pod.',
  ),
  replicas: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(1)
    .describe('How many replicas this report speaks for: 1 where each process reports itself.'),
  ttlSeconds: z
    .int()
    .min(10)
    .max(86_400)
    .default(120)
    .describe('Seconds for which the report is good. One that is not followed by another in time is stale.'),
});
export type DeploymentReport = z.infer<typeof DeploymentReport>;

/** Which reports are taken back. */
export interface ReportRetraction {
  readonly environment: string;
  readonly deployment: string;
  /** That of one process; all of the deployment when left out. */
  readonly instance?: string;
  /** Whose; of everybody when left out. */
  readonly subject?: string;
}

/** Far more than one subject serves. */
const MOST_BY_ONE_SUBJECT = 10_000;

/**
 * Takes a report. The newest word of a process replaces what it said before; processes of the same deployment that no
 * longer report are forgotten as long as one still does.
 * @returns until when it is good
 * @throws CountersignError `conflict` where the subject reports more processes than anybody has
 */
export async function reportDeployment(
  { db, clock }: BaseContext,
  { ttlSeconds, ...report }: DeploymentReport,
  subject: string,
): Promise<{ readonly expiresAt: Instant }> {
  const now = clock.now();
  if ((await countReportsBy(db, subject)) >= MOST_BY_ONE_SUBJECT)
    throw new CountersignError(
      'conflict',
      `${subject} reports ${MOST_BY_ONE_SUBJECT} processes: take back those that are gone with DELETE`,
    );
  const expiresAt = later(now, ttlSeconds * SECOND);
  await db
    .transaction()
    .execute((tx) => saveReport(tx, { ...report, subject, since: now, reportedAt: now, expiresAt }));
  return { expiresAt };
}

/**
 * Takes back what was reported: the process stopped serving.
 * @throws CountersignError `not_found` when there is no such report
 */
export async function retractReports({ db }: BaseContext, retraction: ReportRetraction): Promise<void> {
  if ((await removeReports(db, retraction)) > 0) return;
  const { environment, deployment } = retraction;
  throw new CountersignError('not_found', `nothing of yours is reported of ${environment}/${deployment}`);
}
