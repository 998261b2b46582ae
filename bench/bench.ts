/** A number that a bench gives, with the limit that it promises to keep. */
export interface Reading {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ratio' | 's' | 'MiB' | 'rows' | '/s';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** How a bench is run. */
export interface BenchOptions {
  /** Part of the full size, for trying the bench itself; promises are for 1. */
  readonly scale: number;
  readonly repetitions: number;
  /** Told what is being done. */
  readonly say: (text: string) => void;
}

/** A claim about speed, measured against a named reference in the same run. */
export interface Bench {
  readonly name: string;
  readonly summary: string;
  run(options: BenchOptions): Promise<readonly Reading[]>;
}

/** Whether a reading keeps its limit. */
export function isKept({ value, atMost = Number.POSITIVE_INFINITY, atLeast = 0 }: Reading): boolean {
  return value <= atMost && value >= atLeast;
}
