import { z } from 'zod';
import { DAY } from '../../lib/index.ts';
import { RISK_TIERS, type RiskTier } from '../risk-tier.ts';

const Days = z.number().positive().max(366);

/** A pipeline's `renewal` section. */
export const RenewalEntry = z
  .strictObject({
    tiers: z
      .array(z.enum(RISK_TIERS).exclude(['prohibited']))
      .optional()
      .describe(
        'Risk tiers whose records are renewed without asking anybody, as long as nothing changed; `[]` for none. By default `limited_risk` and `minimal_risk`, where the pipeline asks nobody to approve them: what people approved is put before people again, unless its tier is named here.',
      ),
    most_in_a_row: z
      .int()
      .min(0)
      .max(20)
      .default(2)
      .describe('How often a record is renewed at the most before the pipeline must be run again.'),
    days_before: Days.default(14).describe(
      'Days before its end from which on a record can be renewed; half of `record_validity_days` at the most.',
    ),
    report_max_age_days: Days.default(7).describe(
      'Days for which a report of the current inputs is believed.',
    ),
    run_days_before: z
      .number()
      .min(0)
      .max(366)
      .default(7)
      .describe(
        'Days before its end at which the pipeline is run again by itself for a deployed model version that could not be renewed; 0 for never. Not where the evidence is older than `max_age_days`.',
      ),
  })
  .prefault({})
  .describe('How governance is prolonged before it ends.');

/** How records are renewed without asking. Times in milliseconds. */
export interface RenewalRules {
  readonly tiers: readonly RiskTier[];
  /** How often in a row. */
  readonly most: number;
  /** Time before its end from which on a record can be renewed. */
  readonly window: number;
  /** How old the report of the current inputs may be. */
  readonly reportMaxAge: number;
  /** Time before its end at which the pipeline is run again by itself; 0 for never. */
  readonly runBefore: number;
}

/** How often in a row a record of a tier is renewed without asking anybody, while nothing changes; 0 for never. */
export function unaskedRenewals({ tiers, most }: RenewalRules, tier: RiskTier | null): number {
  return tier !== null && tiers.includes(tier) ? most : 0;
}

/** What a section is read with. */
interface Surroundings {
  readonly validityDays: number;
  /** Whether people must approve artifacts of a tier. */
  readonly asksPeople: (tier: RiskTier) => boolean;
}

/** The rules that a section makes. */
export function renewalRulesOf(
  entry: z.infer<typeof RenewalEntry>,
  { validityDays, asksPeople }: Surroundings,
): RenewalRules {
  const unasked = (['limited_risk', 'minimal_risk'] as const).filter((tier) => !asksPeople(tier));
  return {
    tiers: entry.tiers ?? unasked,
    most: entry.most_in_a_row,
    window: Math.min(entry.days_before, validityDays / 2) * DAY,
    reportMaxAge: entry.report_max_age_days * DAY,
    runBefore: entry.run_days_before * DAY,
  };
}
