import { DAY, later } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { TrustPolicy } from '../trust.ts';
import { ABOUT_NO_MODEL, type Finding } from './finding.ts';

/** For how many milliseconds before its end a trust policy is a finding. */
const WARNED = 14 * DAY;

/** What is wrong with what a monitor believes: a trust policy at its end, or another one on disk that it refuses. */
export function trustFindings(
  { edition }: Pick<TrustPolicy, 'edition'>,
  refusal: string | null,
  now: Instant,
): Finding[] {
  const expiring = edition !== undefined && later(now, WARNED) >= edition.validUntil;
  return [...(expiring ? [ending(edition, now)] : []), ...(refusal === null ? [] : [refused(refusal)])];
}

function ending({ version, validUntil }: NonNullable<TrustPolicy['edition']>, now: Instant): Finding {
  const isOver = now >= validUntil;
  return {
    ...ABOUT_TRUST,
    key: 'trust_policy_expiring/policy',
    kind: 'trust_policy_expiring',
    severity: isOver ? 'critical' : 'warning',
    summary: isOver
      ? `version ${version} of the trust policy was good until ${validUntil}: nothing is governed`
      : `version ${version} of the trust policy is good until ${validUntil}: nothing is governed after that`,
    remedy:
      'Draft the next version, read it and sign it (countersign trust-policy draft, then sign), and put it where trust_policy: says. It counts without a restart.',
  };
}

function refused(why: string): Finding {
  return {
    ...ABOUT_TRUST,
    key: 'trust_policy_refused/policy',
    kind: 'trust_policy_refused',
    severity: 'critical',
    summary: `what lies on disk is not believed, and what was believed before goes on: ${why}`,
    remedy:
      'Find out who put it there. Put the policy and the public keys back that were there, or issue the next version: a revocation that is meant counts only once it is believed.',
  };
}

const ABOUT_TRUST = {
  deployment: '*/trust-policy',
  ...ABOUT_NO_MODEL,
} as const;
