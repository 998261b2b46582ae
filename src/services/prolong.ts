import {
  type Deployment,
  type Expiry,
  type Instant,
  type Pipeline,
  type Verdict,
  warningOf,
} from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import { saveInputReport } from '../storage/index.ts';
import type { MonitorContext } from './context.ts';
import { renewUnasked, type Unasked } from './renew-unasked.ts';

/** A verdict on what is deployed, and whether it is about to end. */
export interface Prolonged {
  readonly verdict: Verdict;
  /** Null while the end is far, or where nothing is governed. */
  readonly expiry: Expiry | null;
}

/**
 * Looks at the end of the governance of something deployed: once that is near, renews it if that takes no question, else
 * tells how near it is and why it was not renewed.
 */
export async function prolong(
  ctx: MonitorContext,
  verdict: Verdict,
  deployment: Deployment,
): Promise<Prolonged> {
  const { artifact, environment, basis, status } = verdict;
  const pipeline = basis === null ? undefined : ctx.trust.pipelines.get(basis.pipeline);
  const until = basis?.validUntil ?? null;
  if (status !== 'governed' || pipeline === undefined || until === null) return { verdict, expiry: null };
  if (verdict.judgedAt < later(until, -horizonOf(ctx, pipeline))) return { verdict, expiry: null };
  await takeReport(ctx, deployment);
  const { modelId, modelVersion } = deployment;
  const unasked = await renewUnasked(ctx, { artifact, environment, name: { modelId, modelVersion } });
  return { verdict: unasked.verdict, expiry: expiryOf(ctx, unasked) };
}

/** What a source says of inputs is a report as CI's is; one that cannot be seen says nothing any more. */
async function takeReport({ db }: MonitorContext, deployment: Deployment): Promise<void> {
  const { inputs, digest, source, staleSince, observedAt, modelId, modelVersion } = deployment;
  if (inputs === undefined || digest === null || staleSince !== null) return;
  const reporter = { subject: `source:${source}`, person: null };
  const about = { modelId, modelVersion, artifact: digest };
  await saveInputReport(db, { ...about, reporter, digests: inputs, reportedAt: observedAt });
}

/** Time before an end from which on it is looked at. */
function horizonOf({ expiryWarnings }: MonitorContext, { renewal }: Pipeline): number {
  return Math.max(renewal.window, ...expiryWarnings.map((days) => days * DAY));
}

function expiryOf({ expiryWarnings }: MonitorContext, unasked: Unasked): Expiry | null {
  const { verdict, obstacles } = unasked;
  const { basis, status, judgedAt } = verdict;
  if (status !== 'governed' || basis === null || basis.validUntil === null) return null;
  const warning = warningOf(basis.validUntil, judgedAt, expiryWarnings);
  if (warning === null) return null;
  const { runId, validUntil: until } = basis;
  return { runId, until, ...warning, obstacles, runsAt: runsAt(until, unasked) };
}

/** Not on evidence that is too old to rest on: people must give fresh one. */
function runsAt(until: Instant, { ground }: Unasked): Instant | null {
  if (ground === null) return null;
  const { pipeline, evidence } = ground.case;
  const { runBefore } = pipeline.renewal;
  const at = later(until, -runBefore);
  const isTooOld = evidence.some(({ stage, since }) => {
    const found = pipeline.stages.find(({ name }) => name === stage);
    return found?.kind === 'checks' && later(since, found.maxAge) <= at;
  });
  return runBefore === 0 || isTooOld ? null : at;
}
