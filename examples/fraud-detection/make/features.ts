/** One number that the model sees, and how the synthetic world draws it. */
export interface Feature {
  readonly name: string;
  readonly meaning: string;
  /** Mean among legitimate and among fraudulent transactions, before age enters. */
  readonly legitimate: number;
  readonly fraudulent: number;
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
  /** Decimal places kept. */
  readonly decimals: number;
  /** Added to the mean per age band, youngest first. Only features that say nothing about fraud have it. */
  readonly byAge?: readonly number[];
}

const feature = (
  name: string,
  meaning: string,
  [legitimate, fraudulent, deviation]: readonly [number, number, number],
  [min, max, decimals]: readonly [number, number, number],
  byAge?: readonly number[],
): Feature => ({
  name,
  meaning,
  legitimate,
  fraudulent,
  deviation,
  min,
  max,
  decimals,
  ...(byAge === undefined ? {} : { byAge }),
});

/** The model's inputs, in their order in the tensor. Neither sex nor age is among them; the last three go with age. */
export const FEATURES: readonly Feature[] = [
  feature('amount_log10', 'log10 of the amount in euro', [1.6, 2, 0.5], [0, 4, 3]),
  feature('amount_vs_usual', "log2 of the amount over the customer's 90-day median", [0, 1.1, 1], [-5, 6, 3]),
  feature(
    'instalment_use',
    "share of the customer's instalment limit in use",
    [0.35, 0.55, 0.2],
    [0, 1.5, 3],
  ),
  feature('purchases_24h', 'purchases in the last 24 hours', [1.4, 2.8, 1.3], [0, 12, 0]),
  feature('failed_logins_24h', 'failed logins in the last 24 hours', [0.4, 1.6, 1.1], [0, 8, 0]),
  feature(
    'delivery_km_log10',
    'log10 of 1 + kilometres between delivery and billing address',
    [0.7, 1.4, 0.7],
    [0, 4.3, 3],
  ),
  feature('device_known_log2', 'log2 of 1 + days since the device was first seen', [6.5, 5, 1.8], [0, 12, 3]),
  feature('account_years', 'age of the customer account in years', [5, 5, 2], [0, 25, 2], [-3, 0, 2, 3.5]),
  feature(
    'app_share',
    "share of the customer's purchases made in the app",
    [0.55, 0.55, 0.2],
    [0, 1, 3],
    [0.3, 0.1, -0.15, -0.3],
  ),
  feature(
    'night_share',
    "share of the customer's purchases made between 23:00 and 06:00",
    [0.2, 0.2, 0.12],
    [0, 1, 3],
    [0.15, 0.03, -0.05, -0.09],
  ),
];
