import { ABOUT_NO_MODEL, type Finding, type FindingKind } from './finding.ts';

/** What the leading monitor reads at each tick for what it may find, and which kinds of finding come of it. */
export const READING_DUTIES = {
  read_audits: ['check_unreliable'],
  read_overrides: ['override_undocumented'],
  read_publications: ['evidence_altered', 'evidence_unpublished'],
  read_receivers: ['receiver_failing'],
} as const satisfies Readonly<Record<string, readonly FindingKind[]>>;

/** The duty without which nothing of a tick is shown. */
export const SNAPSHOT_DUTY = 'take_snapshot';

/** What it does at each tick when it has looked, in this order. */
export const CONCLUDING_DUTIES = [
  'route_findings',
  'tell_untold',
  'wake_muted',
  'tell_storms_apart',
  'enforce_findings',
  'escalate_findings',
  'queue_audit',
  'queue_checkpoint',
  'queue_publishing',
  'ask_runs',
  'lapse_requests',
  'end_delegations',
  'end_requests',
  'escalate_requests',
  'follow_overrides',
  SNAPSHOT_DUTY,
] as const;

/** All that the leader does at a tick besides looking at deployments and at the ledger, each by itself. */
export const DUTIES = [
  ...(Object.keys(READING_DUTIES) as readonly (keyof typeof READING_DUTIES)[]),
  ...CONCLUDING_DUTIES,
] as const;
export type Duty = (typeof DUTIES)[number];

/** What a finding about a duty is about, where others name a deployment. */
export function dutyKey(duty: Duty): string {
  return `*/duty/${duty}`;
}

/** The finding about a duty that cannot be done, or not wholly, for what it is given to read. */
export function dutyFailing(duty: Duty, why: string): Finding {
  return {
    ...ABOUT_NO_MODEL,
    key: `duty_failing/${duty}`,
    kind: 'duty_failing',
    severity: 'critical',
    deployment: dutyKey(duty),
    summary: `the monitor cannot do all of ${duty}: ${why.slice(0, 500)}`,
    remedy:
      'What it reads of the database cannot be read. Find out who wrote the rows that are named, and mend or remove them; the rest of each tick goes on.',
  };
}
