/** What is declared about a model, for the metamorphic tests. */
export interface Relations {
  /** Names of features that must not matter. */
  readonly irrelevant: readonly string[];
  readonly monotone: readonly MonotoneFeature[];
  /** Names of categorical features of protected groups: swapping one is counted, and what is too much is policy. */
  readonly swapped: readonly string[];
}

/** A feature that may only move the score of a class one way. */
export interface MonotoneFeature {
  readonly feature: string;
  readonly direction: 'increasing' | 'decreasing';
  /** The class whose score moves; of two classes, the second one by default. */
  readonly class?: number;
}

export type RelationKind = 'row_order' | 'batch_size' | 'irrelevant' | 'monotone' | 'swap';

/** What came of one relation. */
export interface RelationResult {
  readonly kind: RelationKind;
  /** The feature that it is about; null for row order and batch size. */
  readonly feature: string | null;
  /** Rows that could be compared; 0 says nothing about the model. */
  readonly rows: number;
  /** Rows for which the relation does not hold: class or score is not as it must be. */
  readonly violations: number;
  /** Rows whose class is another one (for a monotone feature: one that it must not become). */
  readonly labelsChanged: number;
  /**
   * The largest change of a score that must not be (monotone: the largest one the wrong way); null without scores,
   * NaN where a score is not a number.
   */
  readonly worst: number | null;
  /** Up to ten of the rows, by index. */
  readonly examples: readonly number[];
}

/** Adds up what came of a relation, row by row. */
export class RelationTally {
  readonly #kind: RelationKind;
  readonly #feature: string | null;
  readonly #rows = new Set<number>();
  readonly #violations = new Set<number>();
  readonly #labels = new Set<number>();
  #worst: number | null = null;

  constructor(kind: RelationKind, feature: string | null = null) {
    this.#kind = kind;
    this.#feature = feature;
  }

  /** One comparison of a row; a row may be compared more than once and counts once. A worst of NaN is a violation. */
  add(
    row: number,
    found: { readonly label: boolean; readonly worst: number | null },
    tolerance: number,
  ): void {
    this.#rows.add(row);
    if (found.label) this.#labels.add(row);
    if (found.label || (found.worst !== null && !(found.worst <= tolerance))) this.#violations.add(row);
    if (found.worst !== null) this.#worst = Math.max(this.#worst ?? 0, found.worst);
  }

  result(): RelationResult {
    return {
      kind: this.#kind,
      feature: this.#feature,
      rows: this.#rows.size,
      violations: this.#violations.size,
      labelsChanged: this.#labels.size,
      worst: this.#worst,
      examples: [...this.#violations].sort((a, b) => a - b).slice(0, 10),
    };
  }
}
