import type { Json } from '../../lib/index.ts';
import type { CheckInput } from '../contract.ts';

/** A check to run, and on what. Evidence that the check does not read may be among it; it is not handed over. */
export interface CheckRequest extends Omit<CheckInput<Readonly<Record<string, Json>>>, 'parameters'> {
  readonly check: string;
  /** The effective parameters, defaults not yet filled in. */
  readonly parameters: Readonly<Record<string, Json>>;
}
