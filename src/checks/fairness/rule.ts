import type { Minimums } from './assessable.ts';
import type { Comparison, ComparisonRule } from './compare.ts';
import type { RateName } from './groups.ts';
import type { Measure } from './measure.ts';
import type { Grouping } from './parameters.ts';

/** What makes one fairness check different from another. */
export interface FairnessRule {
  /** As messages begin: `demographic parity`. */
  readonly title: string;
  readonly rates: readonly RateName[];
  readonly minimums: Minimums;
  /** The measure, given whether the grouping has a named reference. */
  measure(named: boolean): Measure;
  /** Name of the measurement of one rate. */
  measurement(rate: RateName): string;
}

/** One grouping compared by one rate. */
export interface Assessed {
  readonly grouping: Grouping;
  readonly rule: ComparisonRule;
  readonly comparison: Comparison;
}
