import type { Instant } from '../instant.ts';
import { type CaseAnswer, type CheckAudit, FAULT_IN_WORDS } from './check-audit.ts';
import type { Finding } from './finding.ts';

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
  if (audit.outcome === 'right') return null;
  const { check, version, auditedAt } = audit;
  const since = reliance.rightAt ?? reliance.firstUse ?? auditedAt;
  return {
    key: `check_unreliable/${check}`,
    kind: 'check_unreliable',
    severity: audit.outcome === 'unreliable' ? 'critical' : 'warning',
    deployment: `*/${check}`,
    environment: '*',
    modelId: '*',
    modelVersion: '*',
    observed: null,
    expected: null,
    check: { name: check, version },
    affected: { since, count: reliance.count, names: reliance.names.slice(0, AFFECTED_NAMED) },
    summary: `${whatIsWrong(audit)}. ${whatRestsOnIt(reliance)}`,
    remedy: remedyOf(audit, since),
  };
}

function whatIsWrong({ check, version, outcome, answers, gaps }: CheckAudit): string {
  const name = `the check ${check} ${version}`;
  if (outcome === 'unproven') return `nobody can tell whether ${name} is right: ${gaps.join('; ')}`;
  const wrong = answers.flatMap(({ fault, ...answer }) => (fault === null ? [] : [{ ...answer, fault }]));
  const kinds = [...new Set(wrong.map(({ fault }) => FAULT_IN_WORDS[fault]))];
  const cases = wrong.slice(0, 3).map(inWords);
  const more = wrong.length > cases.length ? [`${wrong.length - cases.length} more`] : [];
  return `${name} is unreliable, it ${kinds.join(' and ')}: ${[...cases, ...more].join('; ')}`;
}

function inWords({ case: name, expected, got }: Omit<CaseAnswer, 'fault'>): string {
  return `${name} gave ${got}${got === expected ? ' without the expected reason' : `, expected ${expected}`}`;
}

function whatRestsOnIt({ rightAt, count, names }: Reliance): string {
  const since = rightAt === null ? 'It never proved right' : `It last proved right at ${rightAt}`;
  if (count === 0) return `${since}; no model version was approved on its word since.`;
  const shown = names.slice(0, AFFECTED_NAMED);
  const more = count > shown.length ? ` and ${count - shown.length} more` : '';
  const versions = count === 1 ? '1 model version' : `${count} model versions`;
  return `${since}; ${versions} approved on its word since: ${shown.join(', ')}${more}.`;
}

function remedyOf({ check, outcome }: CheckAudit, since: Instant): string {
  if (outcome === 'unproven')
    return `Write the cases that it lacks; countersign audit-checks --check ${check} tells whether they suffice.`;
  return `Find out why with countersign audit-checks --check ${check} and mend the check. Then countersign rerun --check ${check} --since ${since}`;
}
