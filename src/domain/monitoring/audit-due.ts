import { HOUR, MINUTE } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { CheckAudit } from './check-audit.ts';

/** Another worker may still run the older release: it is not asked at every tick. */
const OTHER_VERSION = 5 * MINUTE;

/**
 * Whether a check is to be audited: never audited, in another version, too long ago, or not right an hour ago, so that a
 * mended case is noticed soon.
 *
 * @param latest its newest audit; undefined where there is none
 * @param hours between two audits of a check that is right
 */
export function isAuditDue(
  latest: Pick<CheckAudit, 'version' | 'outcome' | 'auditedAt'> | undefined,
  version: string,
  { now, hours }: { readonly now: Instant; readonly hours: number },
): boolean {
  if (latest === undefined) return true;
  const age = Date.parse(now) - Date.parse(latest.auditedAt);
  if (latest.version !== version) return age >= OTHER_VERSION;
  return age >= (latest.outcome === 'right' ? hours : Math.min(hours, 1)) * HOUR;
}
