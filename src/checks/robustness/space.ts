import type { AttackFeature } from './classifier.ts';

/** How far a row is from another one: L∞ and L2 in scaled units over the continuous columns, and categories changed. */
export interface Distance {
  readonly linf: number;
  readonly l2: number;
  readonly edits: number;
}

/** How far a column may be moved, in scaled units, where neither its bounds nor a floating-point number end it. */
const FARTHEST = 1000;
/** What rounding may take from a whole number before it counts as the one below. */
const SLACK = 1e-9;

/**
 * The space that attacks move in: one coordinate per mutable continuous column, in scaled units (change of the
 * value / the feature's scale). All bounds, whole numbers and immutable columns are kept here and nowhere else.
 */
export class AttackSpace {
  readonly features: readonly AttackFeature[];
  /** Number of columns of a row. */
  readonly width: number;
  /** The columns behind the coordinates. */
  readonly columns: readonly number[];
  /** The columns with categories that may be changed. */
  readonly categories: readonly number[];

  /** @throws RangeError for a mutable continuous feature with a scale that is not above 0 or bounds the wrong way round. */
  constructor(features: readonly AttackFeature[]) {
    this.features = features;
    this.width = features.length;
    const mutable = [...features.keys()].filter((column) => features[column]?.mutable);
    this.columns = mutable.filter((column) => features[column]?.kind === 'continuous');
    this.categories = mutable.filter((column) => features[column]?.kind === 'categorical');
    for (const column of this.columns) mustBeUsable(this.feature(column));
  }

  get dimensions(): number {
    return this.columns.length;
  }

  feature(column: number): AttackFeature {
    const feature = this.features[column];
    if (feature === undefined) throw new RangeError(`there is no column ${column}`);
    return feature;
  }

  /** The size of the smallest change of a coordinate: one whole number of an integer feature, else 0. */
  grain(coordinate: number): number {
    const feature = this.feature(this.columns[coordinate] ?? -1);
    return feature.integer ? 1 / feature.scale : 0;
  }

  /** How far a coordinate may go down (at most 0) and up (at least 0) from a row's own value. */
  room(origin: Float64Array, coordinate: number): { readonly down: number; readonly up: number } {
    const column = this.columns[coordinate] ?? -1;
    const { min, max, scale } = this.feature(column);
    const value = origin[column] ?? Number.NaN;
    if (!Number.isFinite(value)) return { down: 0, up: 0 };
    return {
      down: Math.max(Math.min(min, value) - value, -FARTHEST * scale) / scale,
      up: Math.min(Math.max(max, value) - value, FARTHEST * scale) / scale,
    };
  }

  /**
   * Writes the row that a perturbation of `origin` leads to, and corrects the perturbation to what is left of it
   * within bounds. Whole numbers are rounded towards the origin, so that no perturbation grows.
   */
  place(origin: Float64Array, delta: Float64Array, row: Float64Array): void {
    row.set(origin);
    this.columns.forEach((column, coordinate) => {
      const feature = this.feature(column);
      const value = origin[column] ?? Number.NaN;
      const moved = perturbed(value, delta[coordinate] ?? 0, feature);
      row[column] = moved;
      delta[coordinate] = Object.is(moved, value) ? 0 : (moved - value) / feature.scale;
    });
  }

  /** The distance of a row from its origin. */
  distance(origin: Float64Array, row: Float64Array): Distance {
    let [linf, squares, edits] = [0, 0, 0];
    for (const column of this.columns) {
      if (Object.is(row[column], origin[column])) continue;
      const delta = Math.abs((row[column] ?? 0) - (origin[column] ?? 0)) / this.feature(column).scale;
      linf = Math.max(linf, delta);
      squares += delta * delta;
    }
    for (const column of this.categories) if (!Object.is(row[column], origin[column])) edits++;
    return { linf, l2: Math.sqrt(squares), edits };
  }
}

function perturbed(value: number, delta: number, { scale, min, max, integer }: AttackFeature): number {
  // A missing value is never filled in: that would be another row, not a perturbed one.
  if (delta === 0 || !Number.isFinite(value)) return value;
  const moved = Math.min(Math.max(max, value), Math.max(Math.min(min, value), value + delta * scale));
  if (!integer) return moved;
  if (moved > value) return Math.max(value, Math.floor(moved + SLACK));
  return Math.min(value, Math.ceil(moved - SLACK));
}

function mustBeUsable({ name, scale, min, max }: AttackFeature): void {
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`scale of feature ${name} must be a number above 0, it is ${scale}`);
  }
  if (!(min <= max)) throw new RangeError(`bounds of feature ${name} are ${min} to ${max}`);
}
