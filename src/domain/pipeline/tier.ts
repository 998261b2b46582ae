import type { CheckResult } from '../outcome.ts';
import { RISK_TIERS, RiskTier } from '../risk-tier.ts';
import { TIER_CHECK } from './schema.ts';

/**
 * The risk tier that check results establish: the gravest that the check which assigns it reported and passed with.
 * Null where it was not run, did not pass, or said anything that is not a tier.
 */
export function tierOf(results: readonly CheckResult[]): RiskTier | null {
  const reports = results.filter(({ check, outcome }) => check === TIER_CHECK && outcome === 'passed');
  const tiers = reports.map(({ details }) => RiskTier.safeParse(details['risk_tier']).data);
  return tiers.includes(undefined) ? null : (RISK_TIERS.find((tier) => tiers.includes(tier)) ?? null);
}
