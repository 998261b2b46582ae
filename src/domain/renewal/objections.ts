import { DAY, later } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { Principal } from '../person.ts';
import type { Pipeline } from '../pipeline/index.ts';
import type { RiskTier } from '../risk-tier.ts';
import type { CurrentDigests, GovernanceRecord } from '../statement/index.ts';

/** What somebody who may reported last of the inputs of a model version. */
export interface ReportedInputs {
  readonly subject: string;
  readonly digests: CurrentDigests;
  readonly at: Instant;
}

/** How old evidence is: when the bytes that a stage rests on were first used in it. */
export interface EvidenceAge {
  readonly stage: string;
  readonly since: Instant;
}

/** All that decides whether a record may be renewed at a time without asking anybody. */
export interface RenewalCase {
  readonly record: GovernanceRecord;
  /** As the stage results established it. */
  readonly tier: RiskTier | null;
  readonly pipeline: Pipeline;
  /** Until when the record is good without this renewal. */
  readonly end: Instant;
  /** How often it was renewed so far. */
  readonly renewals: number;
  /** The newest report of each reporter, the newest first: whoever says that something changed is believed. */
  readonly reports: readonly ReportedInputs[];
  /** One for each required stage. */
  readonly evidence: readonly EvidenceAge[];
  readonly at: Instant;
}

/** Whether somebody may say what a model would be made from now: the CI that submitted it, or an inventory source. */
export function mayReport(
  { subject }: Pick<Principal, 'subject'>,
  { submitter }: Pick<GovernanceRecord, 'submitter'>,
): boolean {
  return sourceOf({ subject }) !== null || (subject.startsWith('ci:') && subject === submitter.subject);
}

const SOURCE = 'source:';

/** An inventory source as somebody who reports. */
export function sourceReporter(name: string): Principal {
  return { subject: `${SOURCE}${name}`, person: null };
}

/** The name of the inventory source that reports; null for anybody else. */
export function sourceOf({ subject }: Pick<Principal, 'subject'>): string | null {
  return subject.startsWith(SOURCE) ? subject.slice(SOURCE.length) : null;
}

/** Everything that stands in the way of renewing a record without asking, each in a sentence; none where nothing does. */
export function objectionsToRenewal(subject: RenewalCase): readonly string[] {
  return [
    ...whenObjections(subject),
    ...ruleObjections(subject),
    ...inputObjections(subject),
    ...ageObjections(subject),
  ];
}

function whenObjections({ pipeline, end, at }: RenewalCase): string[] {
  const opens = later(end, -pipeline.renewal.window);
  if (at >= end) return [`it ended at ${end}: what has ended is not renewed`];
  return at < opens ? [`it can be renewed from ${opens} on`] : [];
}

function ruleObjections({ pipeline: { renewal }, tier, renewals }: RenewalCase): string[] {
  return [
    ...(tier !== null && renewal.tiers.includes(tier)
      ? []
      : [`the pipeline renews nothing of the tier ${tier ?? 'unknown'} without asking people`]),
    ...(renewals < renewal.most
      ? []
      : [`the pipeline must be run again after ${renewals} renewals in a row`]),
  ];
}

/** What is not as it was when a record was made, by its name; what the record does not know is not told. */
export function changedInputs(
  { inputs, pipeline }: Pick<GovernanceRecord, 'inputs' | 'pipeline'>,
  digests: CurrentDigests,
): readonly string[] {
  return [
    ...INPUTS.filter((name) => inputs[name] !== undefined && inputs[name] !== digests[name]),
    ...(pipeline === digests.pipeline ? [] : ['pipeline']),
  ];
}

const INPUTS = ['code', 'data', 'config'] as const;

function inputObjections({ record, reports, pipeline, at }: RenewalCase): string[] {
  const unknown = INPUTS.filter((name) => record.inputs[name] === undefined);
  const untold =
    unknown.length === 0 ? [] : [`its submission did not give the digest of its ${unknown.join(', ')}`];
  const [newest] = reports;
  if (newest === undefined) return [...untold, 'neither its CI nor a source has reported its current inputs'];
  const { reportMaxAge } = pipeline.renewal;
  const late = `its inputs were last reported at ${newest.at}, more than ${days(reportMaxAge)} before`;
  return [
    ...untold,
    ...reports.flatMap((report) => changeIn(report, record)),
    ...(newest.at >= later(at, -reportMaxAge) ? [] : [late]),
  ];
}

function changeIn({ digests, subject, at }: ReportedInputs, record: GovernanceRecord): string[] {
  const changed = changedInputs(record, digests);
  return changed.length === 0 ? [] : [`the ${changed.join(', ')} changed, as ${subject} reported at ${at}`];
}

function ageObjections({ pipeline, evidence, at }: RenewalCase): string[] {
  return evidence.flatMap(({ stage, since }) => {
    const maxAge = pipeline.stages.find(({ name }) => name === stage);
    if (maxAge?.kind !== 'checks' || at < later(since, maxAge.maxAge)) return [];
    return [`the evidence of ${stage} has been used since ${since}, for more than ${days(maxAge.maxAge)}`];
  });
}

function days(milliseconds: number): string {
  const count = milliseconds / DAY;
  return `${count} ${count === 1 ? 'day' : 'days'}`;
}
