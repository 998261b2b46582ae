import type { Instant } from '../instant.ts';
import { type CaseAnswer, type CheckAudit, FAULT_IN_WORDS } from './check-audit.ts';
import { ABOUT_NO_MODEL, type Finding } from './finding.ts';

/** What rests on a check that is not known to be right. */
export interface Reliance {
  /** When the check last answered all that it now gets wrong rightly; null where it never did. */
  readonly rightAt: Instant | null;
  /** When the first of the affected runs used the check; null where there is none. */
  readonly firstUse: Instant | null;
  readonly count: number;
  /** Names of the first model versions, `model@version`. */
  readonly names: readonly string[];
}

/** How many model versions a finding names. */
export const AFFECTED_NAMED = 20;

/** The finding about a check whose newest audit is this one; null for one that is right. */
export function checkFinding(audit: CheckAudit, reliance: Reliance): Finding | null {
  if (audit.unread !== undefined) return unread(audit, audit.unread);
  switch (audit.outcome) {
    case 'right':
      return null;
    case 'unreliable':
      return unreliable(audit, reliance);
    case 'unproven':
      return unproven(audit);
  }
}

/** Stands still, so that a finding does not change with each audit. */
const EVER: Instant = '1970-01-01T00:00:00.000Z';

function unreliable(audit: CheckAudit, reliance: Reliance): Finding {
  const { check } = audit;
  const since = reliance.rightAt ?? reliance.firstUse ?? EVER;
  return {
    ...about(audit),
    severity: 'critical',
    affected: { since, count: reliance.count, names: reliance.names.slice(0, AFFECTED_NAMED) },
    summary: `${whatIsWrong(audit)}. ${whatRestsOnIt(reliance)}`,
    remedy: `Find out why with countersign audit-checks --check ${check} and mend the check. Then ${rerunCommand(check, since)}`,
  };
}

/** The command that queues again what relied on a check. */
export function rerunCommand(check: string, since: Instant): string {
  return `countersign rerun --check ${check} --since ${since}`;
}

function unproven(audit: CheckAudit): Finding {
  const { check, version, gaps } = audit;
  return {
    ...about(audit),
    severity: 'warning',
    summary: `nobody can tell whether the check ${check} ${version} is right: ${gaps.slice(0, 5).join('; ')}`,
    remedy: `Write the cases that it lacks; countersign audit-checks --check ${check} tells whether they suffice.`,
  };
}

/** Whoever wrote it may have had something to hide. */
function unread(audit: CheckAudit, why: string): Finding {
  const { check, version } = audit;
  return {
    ...about(audit),
    severity: 'critical',
    summary: `nobody can tell whether the check ${check} ${version} is right: what is stored of its newest audit cannot be read: ${why}`,
    remedy: `Find out who wrote it: only the worker stores audits. It is audited anew within the hour; countersign audit-checks --check ${check} tells how it stands now.`,
  };
}

/** It is about no deployment, but about whatever the check was asked about. */
function about({ check, version }: CheckAudit) {
  return {
    key: `check_unreliable/${check}`,
    kind: 'check_unreliable',
    deployment: `*/${check}`,
    ...ABOUT_NO_MODEL,
    check: { name: check, version },
  } as const;
}

function whatIsWrong({ check, version, answers }: CheckAudit): string {
  const wrong = answers.flatMap(({ fault, ...answer }) => (fault === null ? [] : [{ ...answer, fault }]));
  const kinds = [...new Set(wrong.map(({ fault }) => FAULT_IN_WORDS[fault]))];
  const cases = wrong.slice(0, 3).map(inWords);
  const more = wrong.length > cases.length ? [`${wrong.length - cases.length} more`] : [];
  return `the check ${check} ${version} is unreliable, it ${kinds.join(' and ')}: ${[...cases, ...more].join('; ')}`;
}

function inWords({ case: name, expected, got }: Omit<CaseAnswer, 'fault'>): string {
  return `${name} gave ${got}${got === expected ? ' without the expected reason' : `, expected ${expected}`}`;
}

function whatRestsOnIt({ rightAt, count, names }: Reliance): string {
  const since =
    rightAt === null ? 'It never proved right on that' : `It last proved right on that at ${rightAt}`;
  if (count === 0) return `${since}; no model version was approved on its word since.`;
  const shown = names.slice(0, AFFECTED_NAMED);
  const more = count > shown.length ? ` and ${count - shown.length} more` : '';
  const versions = count === 1 ? '1 model version' : `${count} model versions`;
  return `${since}; ${versions} approved on its word since: ${shown.join(', ')}${more}.`;
}
