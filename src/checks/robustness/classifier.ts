/**
 * What an attack needs of a model: answers to batches of rows. Rows are dense:
 * a row-major `Float64Array` of as many columns as there are features.
 */
export interface Classifier {
  /** Number of classes; labels are 0 to `classes` - 1. */
  readonly classes: number;
  /** For two classes: the second class is taken from this score of it on. Without it: the most likely class. */
  readonly threshold?: number;
  predict(rows: Float64Array, count: number): Promise<Prediction>;
}

/** The model's answers for a batch, row by row. */
export interface Prediction {
  /** Class of each row; -1 where the model gave none that counts, which is never the right one. */
  readonly labels: Int32Array;
  /** One score per row and class, row-major, higher is more likely; null where the model gives labels alone. */
  readonly scores: Float64Array | null;
}

/** One column of the rows, and how far an attack may go with it. */
export interface AttackFeature {
  readonly name: string;
  readonly kind: 'continuous' | 'categorical';
  /** What one unit of perturbation is worth in this column, above 0; of no meaning for a category. */
  readonly scale: number;
  /** Bounds that a perturbed value stays within (a row's own value outside of them is left where it is). */
  readonly min: number;
  readonly max: number;
  /** Whether only whole numbers are allowed. */
  readonly integer: boolean;
  /** False: an attack never touches the column. */
  readonly mutable: boolean;
  /** The values that a category can take. */
  readonly levels?: readonly number[];
}
