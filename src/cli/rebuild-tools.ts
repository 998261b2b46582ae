/** A row that is not as the ledger's statements say. */
export interface RebuildDifference {
  readonly table: string;
  /** Its key. */
  readonly row: string;
  /** `extra` rests on no statement; `unproved` holds words or reports that are not those that were signed. */
  readonly kind: 'extra' | 'altered' | 'missing' | 'unproved';
  /** Columns that differ; values of unproved ones are not told. */
  readonly columns: readonly {
    readonly column: string;
    readonly stored: unknown;
    readonly derived: unknown;
  }[];
}

/** An entry of the ledger from which nothing is derived, and why. */
export interface RebuildRefusal {
  readonly index: number;
  readonly id: string;
  readonly why: string;
}

/** What a rebuild is to do, and whom it tells meanwhile. */
export interface RebuildOptions {
  /** Only compares. */
  readonly check: boolean;
  /** Removes rows of entries that are left out as well. */
  readonly removeRefused: boolean;
  readonly onProgress: (done: number, total: number) => void;
  readonly onRefused: (refused: RebuildRefusal) => void;
  readonly onDifference: (difference: RebuildDifference) => void;
}

/** What came of it: counts, and whether what differed was put right. */
export interface RebuildResult {
  readonly entries: number;
  readonly refused: number;
  readonly unproved: number;
  readonly differences: number;
  readonly mended: boolean;
}
