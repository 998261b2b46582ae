import type { Distance } from './space.ts';

/** The attacks, in the order in which they are run: what is cheap and exact first, its finds help what follows. */
export const ATTACKS = ['sign_step', 'categorical_edits', 'noise', 'hop_skip_jump'] as const;
export type AttackName = (typeof ATTACKS)[number];

/** A row near the original one for which the model gives another class: the smallest that was found. */
export interface Flip extends Distance {
  /** The class that the model gave (-1: none). */
  readonly label: number;
  readonly attack: AttackName;
  /** The row as it was sent to the model. */
  readonly row: Float64Array;
}

/** What was found about one row. Null is no proof: a better attack may find more. */
export interface RowResult {
  /** Index of the row. */
  readonly row: number;
  /** Whether the model gave the row its class; if not, it was not attacked. */
  readonly correct: boolean;
  /** Smallest in L∞, smallest in L2 (continuous columns alone), and with the fewest categories changed. */
  readonly linf: Flip | null;
  readonly l2: Flip | null;
  readonly edits: Flip | null;
  /** Rows that the model was asked about, the original one included. */
  readonly queries: number;
}

/** How the correctly classified rows stood up to perturbations of up to `epsilon` (L∞, scaled units). */
export interface AtEpsilon {
  readonly epsilon: number;
  readonly flipped: number;
  /** Share of the correctly classified rows that no attack flipped; null where there are none. */
  readonly robustAccuracy: number | null;
  /** Share of all rows that were classified correctly and not flipped: "robust accuracy" in the literature. */
  readonly overall: number | null;
  /** Exact one-sided bounds at the asked confidence: of the share flipped, and of `robustAccuracy`. */
  readonly flippedUpper: number;
  readonly robustAccuracyLower: number;
  /** Rows of which each attack found the smallest flip within epsilon. */
  readonly by: Readonly<Partial<Record<AttackName, number>>>;
}

/** Quantiles over the correctly classified rows of the smallest radius found; null where no flip was found that far. */
export type RadiusQuantiles = Readonly<Record<'p05' | 'p25' | 'median' | 'p75' | 'p95', number | null>>;

/** What the battery of attacks found. */
export interface RobustnessResult {
  readonly rows: number;
  readonly correct: number;
  readonly cleanAccuracy: number | null;
  readonly atEpsilon: readonly AtEpsilon[];
  readonly linf: RadiusQuantiles;
  readonly l2: RadiusQuantiles;
  /** Rows flipped by changing at most 1, 2, … categories; empty where none could be changed or none was tried. */
  readonly flippedByEdits: readonly number[];
  readonly queries: number;
  readonly perRow: readonly RowResult[];
}
