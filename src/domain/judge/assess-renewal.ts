import { DAY, later } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { Pipeline } from '../pipeline/index.ts';
import { mayReport, objectionsToRenewal, type RenewalCase, type ReportedInputs } from '../renewal/index.ts';
import type { RiskTier } from '../risk-tier.ts';
import type { StatementId } from '../statement/index.ts';
import type { Admitted } from './admit.ts';
import type { RunStatements } from './run.ts';
import type { AppliedRenewal, Reason } from './verdict.ts';

type Record = Admitted<'governance-record/v1'>;
type Renewal = Admitted<'renewal/v1'>;

/** A record that may have been renewed. */
export interface RenewableRecord {
  readonly run: RunStatements;
  readonly record: Record;
  readonly pipeline: Pipeline;
  readonly tier: RiskTier | null;
  readonly requiredStages: readonly string[];
}

/** What the renewals of a record amount to. */
export interface RenewalAssessment {
  /** Those that count, in order. */
  readonly renewals: readonly AppliedRenewal[];
  /** Until when the record is good by them. */
  readonly end: Instant;
  readonly notes: readonly Reason[];
}

/**
 * Weighs the renewals of a record, in the ledger's order, each by what the ledger held when it took it in. What a
 * renewal says of itself is not believed: digests, ages and number are found again in the other statements.
 */
export function assessRenewals(subject: RenewableRecord): RenewalAssessment {
  const { run, record } = subject;
  const ofRecord = run.renewals.filter(({ body }) => body.record === record.id);
  return [...ofRecord]
    .sort((a, b) => a.entry.index - b.entry.index)
    .reduce((before, renewal) => weigh(before, renewal, subject), {
      renewals: [],
      end: ownEnd(subject),
      notes: [],
    } as RenewalAssessment);
}

/** Neither a record nor a renewal is good for longer than the pipeline says, by the ledger's clock. */
function ownEnd({ record, pipeline }: RenewableRecord): Instant {
  return earlier(record.body.validUntil, later(record.entry.recordedAt, pipeline.recordValidityDays * DAY));
}

function weigh(
  before: RenewalAssessment,
  { id, body, entry }: Renewal,
  subject: RenewableRecord,
): RenewalAssessment {
  const known = renewalCase(subject, before, entry.recordedAt, entry.index);
  const isNewest = known.reports[0]?.id === body.report;
  const objections = [
    ...objectionsToRenewal(known),
    ...(isNewest ? [] : ['it does not rest on the newest report']),
  ];
  if (objections.length > 0)
    return { ...before, notes: [...before.notes, notCounted(id, objections.join('; '))] };
  const { recordValidityDays } = subject.pipeline;
  const until = earlier(body.validUntil, later(entry.recordedAt, recordValidityDays * DAY));
  const renewal = { statement: id, number: before.renewals.length + 1, renewedAt: entry.recordedAt, until };
  return { ...before, renewals: [...before.renewals, renewal], end: latest(until, before.end) };
}

/** A report that is in the ledger. */
export type SignedReport = ReportedInputs & { readonly id: StatementId };

/** What decides on a renewal at a time and place in the ledger. */
export function renewalCase(
  { run, record, pipeline, tier, requiredStages }: RenewableRecord,
  { end, renewals }: Pick<RenewalAssessment, 'end' | 'renewals'>,
  at: Instant,
  index: number,
): RenewalCase & { readonly reports: readonly SignedReport[] } {
  const evidence = requiredStages.map((stage) => ({ stage, since: firstUse(stage, run) }));
  const reports = newestReports(run, record, index);
  return { record: record.body, tier, pipeline, end, renewals: renewals.length, reports, evidence, at };
}

/** Evidence is as old as its first use in the stage under this name: running it again makes nothing fresh. */
function firstUse(stage: string, { results, uses }: RunStatements): Instant {
  const now = results.filter(({ body }) => body.stage === stage).map(({ body }) => body.evidence);
  const times = uses
    .filter(({ body }) => body.stage === stage && now.includes(body.evidence))
    .map(({ body, entry }) => earlier(body.performedAt, entry.recordedAt));
  return times.sort()[0] ?? LONG_AGO;
}

const LONG_AGO: Instant = '1970-01-01T00:00:00.000Z';

/** The newest of each reporter that the ledger held at a place, the newest first. */
function newestReports({ reports }: RunStatements, record: Record, index: number): SignedReport[] {
  const heard = reports
    .filter(({ body, entry }) => entry.index < index && mayReport(body.reporter, record.body))
    .sort((a, b) => b.entry.index - a.entry.index)
    .map(({ id, body, entry }) => {
      const { digests, reporter, reportedAt } = body;
      return { id, subject: reporter.subject, digests, at: earlier(reportedAt, entry.recordedAt) };
    });
  return heard.filter(({ subject }, place) => heard.findIndex((one) => one.subject === subject) === place);
}

function notCounted(id: Renewal['id'], why: string): Reason {
  return {
    code: 'renewal_not_counted',
    message: `a renewal does not count: ${why}`,
    resolve: 'renew it by a run: countersign renew <model>@<version>',
    statement: id,
  };
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

function latest(a: Instant, b: Instant): Instant {
  return a < b ? b : a;
}
