import { CountersignError, type Digest, type Handling, type Instant } from '../domain/index.ts';
import {
  type DeploymentRow,
  deliveriesOf,
  type FindingRow,
  findingEvents,
  findingsById,
  listDeployments,
  listFindings,
  listRuns,
  type Run,
  type SourceState,
  sourceStates,
} from '../storage/index.ts';
import type { BaseContext, SubmissionContext } from './context.ts';
import { withHandling } from './describe-alert.ts';
import { requireRun } from './submit-run.ts';

/** Runs, newest first. */
export function recentRuns(
  { db }: BaseContext,
  filter: { modelId?: string; modelVersion?: string; limit?: number },
): Promise<Run[]> {
  return listRuns(db, filter);
}

/** Deployments as the last tick saw them. */
export function currentDeployments(
  { db }: BaseContext,
  filter: { modelId?: string },
): Promise<DeploymentRow[]> {
  return listDeployments(db, filter);
}

/** How every source of the inventory stands, by name. */
export async function inventorySources({ db }: BaseContext): Promise<SourceState[]> {
  return [...(await sourceStates(db)).values()];
}

/** Findings with what people did about them, newest first. */
export async function knownFindings(
  { db, clock }: BaseContext,
  filter: { state?: 'firing' | 'resolved'; modelId?: string; limit?: number },
): Promise<(FindingRow & { readonly handling: Handling })[]> {
  return withHandling({ db, clock }, await listFindings(db, filter));
}

/** A finding with all that happened to it, and who was told of it. */
export async function findingInFull(ctx: BaseContext, id: number) {
  const [row] = await withHandling(ctx, await findingsById(ctx.db, [id]));
  if (row === undefined) throw new CountersignError('not_found', `there is no finding ${id}`);
  return {
    ...row,
    steps: (await findingEvents(ctx.db, [id])).get(id) ?? [],
    deliveries: await deliveriesOf(ctx.db, [id]),
  };
}

/** One piece of a run's evidence, and where its bytes lie. */
export interface EvidenceFile {
  readonly name: string;
  readonly digest: Digest;
  readonly path: string;
  readonly submittedAt: Instant;
}

/**
 * A run's evidence by its name there. Only what a run names as evidence can be had, so that nobody reads a model's
 * weights this way.
 * @throws CountersignError `not_found`
 */
export async function evidenceOf(
  ctx: Pick<SubmissionContext, 'db' | 'blobs'>,
  runId: string,
  name: string,
): Promise<EvidenceFile> {
  const run = await requireRun(ctx, runId);
  const item = run.evidence.find((candidate) => candidate.name === name);
  if (item === undefined) {
    const names = run.evidence.map((candidate) => candidate.name).join(', ') || 'none';
    throw new CountersignError('not_found', `run ${runId} has no evidence "${name}"; it has: ${names}`);
  }
  const digest = item.digest as Digest;
  return { name, digest, path: await ctx.blobs.pathOf(digest), submittedAt: run.submittedAt };
}
