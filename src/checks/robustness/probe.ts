import type { Classifier, Prediction } from './classifier.ts';
import type { AttackName, Flip } from './result.ts';
import type { AttackSpace } from './space.ts';

/** What an attack on one row asks (packed rows) and is told; many rows' attacks are asked in one batch. */
export type Asking<T> = Generator<Float64Array, T, Prediction>;

/** Thrown in an attack that has used up its queries; whoever started the attack catches it. */
export class BudgetSpent extends Error {}

/** What came of a question: per candidate, whether the model's class is another one than the row's. */
export interface Answer {
  readonly flips: readonly boolean[];
  /** Scores of the candidates, row-major; null where the model gives labels alone. */
  readonly scores: Float64Array | null;
}

/** What is attacked. */
export interface Subject {
  readonly space: AttackSpace;
  readonly model: Pick<Classifier, 'classes' | 'threshold'>;
  /** The row as it is. */
  readonly origin: Float64Array;
  /** The row's class, which the model knew. */
  readonly label: number;
  /** The model's scores of the row itself. */
  readonly scores: Float64Array | null;
}

/**
 * One row under attack. All candidates pass through here: here they are counted, brought within bounds, and the
 * smallest ones that flip are remembered, by the distance that the row sent to the model really has.
 */
export class Probe {
  linf: Flip | null = null;
  l2: Flip | null = null;
  edits: Flip | null = null;
  /** Queries made so far, the clean one included. */
  queries = 1;
  /** The attack at work. */
  attack: AttackName = 'noise';
  /** The number of queries at which the attack at work ends. */
  limit = 1;

  readonly space: AttackSpace;
  readonly model: Pick<Classifier, 'classes' | 'threshold'>;
  readonly origin: Float64Array;
  readonly label: number;
  readonly scores: Float64Array | null;

  constructor({ space, model, origin, label, scores }: Subject) {
    this.space = space;
    this.model = model;
    this.origin = origin;
    this.label = label;
    this.scores = scores;
  }

  /** Queries that the attack at work has left. */
  get left(): number {
    return Math.max(0, this.limit - this.queries);
  }

  /** What bounds and whole numbers leave of a perturbation, in place. */
  within(delta: Float64Array): Float64Array {
    this.space.place(this.origin, delta, new Float64Array(this.space.width));
    return delta;
  }

  /** Asks about perturbations of the row (scaled units); each is corrected in place to what bounds leave of it. */
  *ask(deltas: readonly Float64Array[]): Asking<Answer> {
    const rows = deltas.slice(0, this.left).map((delta) => {
      const row = new Float64Array(this.space.width);
      this.space.place(this.origin, delta, row);
      return row;
    });
    return yield* this.#send(rows, deltas.length);
  }

  /** Asks about rows with other categories. */
  *askRows(rows: readonly Float64Array[]): Asking<Answer> {
    return yield* this.#send(rows.slice(0, this.left), rows.length);
  }

  *#send(rows: readonly Float64Array[], wanted: number): Asking<Answer> {
    if (wanted === 0) return { flips: [], scores: this.scores && new Float64Array(0) };
    if (rows.length === 0) throw new BudgetSpent();
    const packed = new Float64Array(rows.length * this.space.width);
    rows.forEach((row, index) => {
      packed.set(row, index * this.space.width);
    });
    this.queries += rows.length;
    const { labels, scores } = yield packed;
    rows.forEach((row, index) => {
      this.#remember(row, labels[index] ?? -1);
    });
    if (rows.length < wanted) throw new BudgetSpent();
    return { flips: [...labels].map((label) => label !== this.label), scores };
  }

  #remember(row: Float64Array, label: number): void {
    if (label === this.label) return;
    const flip: Flip = { ...this.space.distance(this.origin, row), label, attack: this.attack, row };
    if (flip.edits > 0) {
      if (this.edits === null || flip.edits < this.edits.edits) this.edits = flip;
      return;
    }
    if (this.linf === null || flip.linf < this.linf.linf) this.linf = flip;
    if (this.l2 === null || flip.l2 < this.l2.l2) this.l2 = flip;
  }
}
