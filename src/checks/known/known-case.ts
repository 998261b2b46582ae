import type { Digest, Outcome } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';
import type { CheckRequest } from '../runner/index.ts';

/** An input to a check whose right answer is known. */
export interface KnownCase {
  readonly check: string;
  /** The name of its folder: `good-…`, `bad-…`. */
  readonly name: string;
  readonly kind: 'good' | 'bad';
  /** What it shows, from the comment at the head of its file; empty where there is none. */
  readonly shows: string;
  /** Its `case.yaml`. */
  readonly file: string;
  readonly expect: Outcome;
  readonly expectMessage: string | null;
  readonly request: CheckRequest;
  /** Digest of its input and its right answer: a changed case is another case. */
  readonly digest: Digest;
}

/** What is wrong with a case's file, and which check is therefore not proved by it. */
export interface CaseProblem extends Problem {
  /** The folder that it lies in, which is named like a check. */
  readonly check: string;
}

/** Everything that folders of cases held. */
export interface KnownCases {
  /** By check and name. */
  readonly cases: readonly KnownCase[];
  readonly problems: readonly CaseProblem[];
}
