import { signStatement } from '../attestation/index.ts';
import {
  type CurrentInputs,
  changedInputs,
  type Instant,
  judge,
  mayReport,
  objectionsToRenewal,
  type Renewal,
  type RenewalGround,
  renewalGround,
  type StatementId,
  sourceOf,
  type Verdict,
} from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import {
  appendStatement,
  awaitLock,
  type InputReport,
  inputReports,
  insertRenewal,
} from '../storage/index.ts';
import type { RenewalContext } from './context.ts';
import { compileDossier, type JudgeQuery, judgeArtifact } from './judge-artifact.ts';
import { peopleNow } from './people-now.ts';

/** What came of the attempt to renew a record without asking anybody. */
export interface Unasked {
  /** As it is afterwards. */
  readonly verdict: Verdict;
  /** What stands in the way; none where it is renewed. */
  readonly obstacles: readonly string[];
  /** By what it was decided; null where nothing is governed that could be renewed. */
  readonly ground: RenewalGround | null;
  /** When its inputs were last reported; null where they never were. */
  readonly heardAt: Instant | null;
}

/**
 * Renews the record on which the governance of an artifact rests, if the pipeline lets it be renewed without asking and
 * nothing changed. Safe to call at once from several processes and again at any time: of one end there is one renewal.
 * @param sources those that show the artifact with its inputs now: what another one once said is no word on how they are
 */
export async function renewUnasked(
  ctx: RenewalContext,
  query: JudgeQuery,
  sources: ReadonlySet<string>,
): Promise<Unasked> {
  const { statements, failures, view } = await compileDossier(ctx, query.artifact);
  const { trust, clock } = ctx;
  const people = await peopleNow(ctx);
  const witness = 'made_here' as const;
  const input = { ...query, statements, failures, view, witness, trust, people, now: clock.now() };
  const verdict = judge(input);
  const ground =
    verdict.status === 'governed' && verdict.basis !== null ? renewalGround(input, verdict.basis) : null;
  if (ground === null) return { verdict, obstacles: [], ground, heardAt: null };
  const reports = await reportsOn(ctx, ground, sources);
  const obstacles = objectionsToRenewal({ ...ground.case, reports: reports.map(toReported) });
  const [newest] = reports;
  if (obstacles.length === 0 && newest !== undefined) return renewed(ctx, query, ground, reports);
  for (const report of reports) if (isNews(report, ground)) await keepReport(ctx, ground, report);
  return { verdict, obstacles, ground, heardAt: newest?.reportedAt ?? null };
}

async function reportsOn(
  { db }: RenewalContext,
  { record: { body } }: RenewalGround,
  sources: ReadonlySet<string>,
): Promise<readonly InputReport[]> {
  const reports = await inputReports(db, body, body.artifact.digest);
  return reports.filter(({ reporter, digests }) => {
    const source = sourceOf(reporter);
    const isCurrent = source === null || sources.has(source);
    return mayReport(reporter, body) && (isCurrent || changedInputs(body, digests).length > 0);
  });
}

function toReported({ reporter, digests, reportedAt }: InputReport) {
  return { subject: reporter.subject, digests, at: reportedAt };
}

/** That something changed is kept once, or whoever holds a key could renew on what was reported before. */
function isNews({ digests, reporter }: InputReport, { record, case: { reports } }: RenewalGround): boolean {
  const changed = (said: InputReport['digests']) => changedInputs(record.body, said).length > 0;
  const signed = reports.find(({ subject }) => subject === reporter.subject);
  return changed(digests) && (signed === undefined || !changed(signed.digests));
}

async function keepReport(ctx: RenewalContext, ground: RenewalGround, report: InputReport): Promise<void> {
  const said = await signReport(ctx, ground, report);
  await ctx.db.transaction().execute((tx) => appendStatement(tx, said, ctx.clock.now()));
}

async function renewed(
  ctx: RenewalContext,
  query: JudgeQuery,
  ground: RenewalGround,
  reports: readonly InputReport[],
): Promise<Unasked> {
  await renew(ctx, ground, reports);
  const verdict = await judgeArtifact(ctx, query);
  const isMoved = (verdict.basis?.validUntil ?? '') > ground.case.end;
  const heardAt = reports[0]?.reportedAt ?? null;
  return { verdict, obstacles: isMoved ? [] : [STRUCK], ground, heardAt };
}

const STRUCK = 'it was renewed before, and that renewal does not count any more';

/**
 * Reports, renewal and the row that keeps it the only one commit together. Whoever had something changed signed, and says
 * now that nothing is, is heard again: the newest report of each is what counts.
 */
async function renew(
  ctx: RenewalContext,
  ground: RenewalGround,
  reports: readonly InputReport[],
): Promise<void> {
  const { record } = ground;
  const [newest] = reports;
  if (newest === undefined) return;
  await ctx.db.transaction().execute(async (tx) => {
    await awaitLock(tx, `renewal of ${record.id}`);
    const at = ctx.clock.now();
    if (objectionsToRenewal({ ...ground.case, reports: reports.map(toReported), at }).length > 0) return;
    const said = await Promise.all(reports.map((report) => signReport(ctx, ground, report)));
    const [last] = said;
    if (last === undefined) return;
    const body = renewalOf(ground, newest, last.id, at);
    const { artifact } = record.body;
    const signed = await signStatement(ctx.monitorSigner, { kind: 'renewal/v1', body }, artifact);
    if (!(await insertRenewal(tx, { id: signed.id, body }))) return;
    for (const report of said.toReversed()) await appendStatement(tx, report, at);
    await appendStatement(tx, signed, at);
  });
}

function signReport({ monitorSigner }: RenewalContext, { record }: RenewalGround, report: InputReport) {
  const { artifact, modelId, modelVersion } = record.body;
  const { digests, reporter, reportedAt } = report;
  const body: CurrentInputs = { artifact, modelId, modelVersion, digests, reporter, reportedAt };
  return signStatement(monitorSigner, { kind: 'current-inputs/v1', body }, artifact);
}

function renewalOf(
  { record, case: { pipeline, renewals, evidence } }: RenewalGround,
  { reporter, reportedAt }: InputReport,
  report: StatementId,
  at: string,
): Renewal {
  const { artifact, modelId, modelVersion, runId } = record.body;
  return {
    artifact,
    modelId,
    modelVersion,
    runId,
    record: record.id,
    number: renewals + 1,
    report,
    evidence: [...evidence],
    reason: `code, data, config and pipeline are as they were, as ${reporter.subject} reported at ${reportedAt}; no evidence is older than the pipeline allows`,
    renewedAt: at,
    validUntil: later(at, pipeline.recordValidityDays * DAY),
  };
}
