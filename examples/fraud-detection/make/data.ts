import { FEATURES, type Feature } from './features.ts';
import type { Random } from './random.ts';

export const SEXES = ['female', 'male'] as const;
export const AGE_BANDS = ['18-25', '26-40', '41-60', '61+'] as const;

/** One purchase with what an investigation later found. Sex and age band are kept for testing; no model sees them. */
export interface Transaction {
  readonly sex: (typeof SEXES)[number];
  readonly ageBand: (typeof AGE_BANDS)[number];
  readonly features: readonly number[];
  /** Found to be fraud by an investigator. */
  readonly fraud: boolean;
}

/** A transaction as a training feed labels it, rightly or not. */
export interface LabelledTransaction extends Transaction {
  readonly labelledFraud: boolean;
}

/**
 * Draws transactions, as many from each sex and age band, and one fraud in four in each: frauds are rare, so
 * training and test samples are enriched with them. Fraud has nothing to do with sex or age in this world.
 *
 * @param count a multiple of 32, so that the strata come out even
 */
export function drawTransactions(count: number, random: Random): Transaction[] {
  return Array.from({ length: count }, (_, index) => {
    const sex = SEXES[index % 2] ?? 'female';
    const age = Math.floor(index / 2) % AGE_BANDS.length;
    const fraud = Math.floor(index / 8) % 4 === 0;
    const features = FEATURES.map((feature) => drawFeature(feature, fraud, age, random));
    return { sex, ageBand: AGE_BANDS[age] ?? '61+', features, fraud };
  });
}

function drawFeature(feature: Feature, fraud: boolean, age: number, random: Random): number {
  const mean = (fraud ? feature.fraudulent : feature.legitimate) + (feature.byAge?.[age] ?? 0);
  const drawn = random.normal(mean, feature.deviation);
  return Number(Math.min(feature.max, Math.max(feature.min, drawn)).toFixed(feature.decimals));
}

/** Labels by investigation: each is right. */
export function labelByInvestigation(transactions: readonly Transaction[]): LabelledTransaction[] {
  return transactions.map((transaction) => ({ ...transaction, labelledFraud: transaction.fraud }));
}

/**
 * Labels by a partner's chargeback feed: it books every disputed purchase as fraud, and customers of 18 to 25 dispute
 * a share of their legitimate purchases (late deliveries, forgotten subscriptions) that others do not.
 */
export function labelByChargebacks(
  transactions: readonly Transaction[],
  disputed: number,
  random: Random,
): LabelledTransaction[] {
  return transactions.map((transaction) => {
    const dispute = random.chance(disputed) && transaction.ageBand === '18-25';
    return { ...transaction, labelledFraud: transaction.fraud || dispute };
  });
}
