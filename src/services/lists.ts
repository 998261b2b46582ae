import { CountersignError, type Digest, type Handling, type Instant, invalidInput } from '../domain/index.ts';
import {
  type DeploymentRow,
  deliveriesOf,
  type FindingRow,
  findFinding,
  findingEvents,
  findingsById,
  findRun,
  listDeployments,
  listFindings,
  listRuns,
  type Run,
  type SourceState,
  sourceStates,
} from '../storage/index.ts';
import type { BaseContext, SubmissionContext } from './context.ts';
import { withHandling } from './describe-alert.ts';
import { pageOf } from './page-of.ts';
import { requireRun } from './submit-run.ts';

/** Runs, newest first. */
export function recentRuns(
  { db }: BaseContext,
  filter: { modelId?: string; modelVersion?: string; limit?: number },
): Promise<Run[]> {
  return listRuns(db, filter);
}

/** A page of the runs, newest first. @throws CountersignError `invalid_input` for an `after` that names no run */
export async function runsOnPage(
  { db }: BaseContext,
  page: { modelId?: string; modelVersion?: string; after?: string; limit: number },
): Promise<{ readonly runs: readonly Run[]; readonly next: string | null }> {
  const { after, limit } = page;
  if (after !== undefined && (await findRun(db, after)) === null) throw noCursor('run', after);
  const { rows: runs, next } = pageOf(await listRuns(db, { ...page, limit: limit + 1 }), limit);
  return { runs, next };
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

/** A finding with what people did about it. */
type KnownFinding = FindingRow & { readonly handling: Handling };

/** Findings with what people did about them, newest first. */
export async function knownFindings(
  { db, clock }: BaseContext,
  filter: { state?: 'firing' | 'resolved'; modelId?: string; after?: number; limit?: number },
): Promise<KnownFinding[]> {
  return withHandling({ db, clock }, await listFindings(db, filter));
}

/** A page of the findings, as `knownFindings` gives them. @throws CountersignError `invalid_input` for an `after` that names none */
export async function findingsOnPage(
  ctx: BaseContext,
  page: { state?: 'firing' | 'resolved'; modelId?: string; after?: number; limit: number },
): Promise<{ readonly findings: readonly KnownFinding[]; readonly next: string | null }> {
  const { after, limit } = page;
  if (after !== undefined && (await findFinding(ctx.db, after)) === null) throw noCursor('finding', after);
  const { rows: findings, next } = pageOf(await knownFindings(ctx, { ...page, limit: limit + 1 }), limit);
  return { findings, next };
}

function noCursor(noun: string, after: string | number): CountersignError {
  return invalidInput('the query', [
    {
      where: 'after',
      message: `there is no ${noun} ${after}`,
      fix: 'give the `next` of the page before, or leave it out to begin with the newest',
    },
  ]);
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
