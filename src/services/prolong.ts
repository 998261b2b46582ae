import {
  type Deployment,
  type Digest,
  type Expiry,
  firstAfter,
  type Instant,
  type Pipeline,
  type RenewalGround,
  sourceOf,
  sourceReporter,
  type Verdict,
  warningOf,
} from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import { type InputReport, saveInputReport } from '../storage/index.ts';
import type { MonitorContext } from './context.ts';
import { renewUnasked, type Unasked } from './renew-unasked.ts';

/** A verdict on what is deployed, and whether it is about to end. */
export interface Prolonged {
  readonly verdict: Verdict;
  /** Null while the end is far, or where nothing is governed. */
  readonly expiry: Expiry | null;
  /** From then on something else may come of it by time alone; null for never. */
  readonly until: Instant | null;
}

/**
 * Looks at the end of the governance of something deployed: once that is near, renews it if that takes no question, else
 * tells how near it is and why it was not renewed.
 * @param deployments those that serve it under its name
 */
export async function prolong(
  ctx: MonitorContext,
  verdict: Verdict,
  deployments: readonly Deployment[],
): Promise<Prolonged> {
  const { artifact, environment, basis, status } = verdict;
  const pipeline = basis === null ? undefined : ctx.trust.pipelines.get(basis.pipeline);
  const until = basis?.validUntil ?? null;
  if (status !== 'governed' || basis === null || pipeline === undefined || until === null)
    return { verdict, expiry: null, until: null };
  const begins = later(until, -horizonOf(ctx, pipeline));
  if (verdict.judgedAt < begins) return { verdict, expiry: null, until: begins };
  const reports = deployments.flatMap((deployment) => reportIn(deployment, artifact));
  for (const report of reports) await saveInputReport(ctx.db, report);
  const { modelId, modelVersion } = basis;
  const query = { artifact, environment, name: { modelId, modelVersion } };
  const unasked = await renewUnasked(
    ctx,
    query,
    new Set(reports.flatMap(({ reporter }) => sourceOf(reporter) ?? [])),
  );
  return { verdict: unasked.verdict, expiry: expiryOf(ctx, unasked), until: nextStep(ctx, unasked) };
}

/**
 * What a source says of inputs is a report as CI's is; one that cannot be seen says nothing any more. It is about the bytes,
 * also where they are seen by their manifest.
 */
function reportIn(deployment: Deployment, artifact: Digest): InputReport[] {
  const { inputs, source, staleSince, observedAt, modelId, modelVersion } = deployment;
  if (inputs === undefined || staleSince !== null) return [];
  const about = { modelId, modelVersion, artifact };
  return [{ ...about, reporter: sourceReporter(source), digests: inputs, reportedAt: observedAt }];
}

/** Time before an end from which on it is looked at. */
function horizonOf({ expiryWarnings }: MonitorContext, { renewal }: Pipeline): number {
  return Math.max(renewal.window, ...expiryWarnings.map((days) => days * DAY));
}

/** When another warning is due, another day has begun, or something else stands in the way or no longer does. */
function nextStep(ctx: MonitorContext, { verdict, ground, heardAt }: Unasked): Instant | null {
  const end = verdict.basis?.validUntil ?? null;
  if (end === null) return null;
  const days = Array.from({ length: LOOKED_AHEAD }, (_, day) => later(end, -day * DAY));
  const warnings = ctx.expiryWarnings.map((before) => later(end, -before * DAY));
  return firstAfter(verdict.judgedAt, [...days, ...warnings, ...turnsOf(ctx, ground, end, heardAt)]);
}

/** No record is good for longer: a day of its last year begins each day. */
const LOOKED_AHEAD = 367;

/** When the answer to a renewal may be another. */
function turnsOf(
  ctx: MonitorContext,
  ground: RenewalGround | null,
  end: Instant,
  heardAt: Instant | null,
): Instant[] {
  if (ground === null) return [];
  const { pipeline, evidence } = ground.case;
  const { window, reportMaxAge } = pipeline.renewal;
  const aged = evidence.flatMap(({ stage, since }) => {
    const found = pipeline.stages.find(({ name }) => name === stage);
    return found?.kind === 'checks' ? [later(since, found.maxAge)] : [];
  });
  const late = heardAt === null ? [] : [later(heardAt, reportMaxAge + 1)];
  return [...aged, ...late, later(end, -window), later(end, -horizonOf(ctx, pipeline))];
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
