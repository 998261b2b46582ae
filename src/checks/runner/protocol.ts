import type { CheckReport } from '../../domain/index.ts';
import type { Json } from '../../lib/index.ts';
import type { CheckFile, CheckInput } from '../contract.ts';

// The child's own program loads this: no schemas here, for they would be most of what it loads.

/** The descriptor on which the child writes its result; its standard output belongs to whatever libraries print. */
export const RESULT_DESCRIPTOR = 3;

/** What the child writes there when it is ready for its request; to a reader of JSON it is nothing. */
export const READY = '\n';

/** What the parent sends: one line of JSON on standard input, which then stays open as long as the parent lives. */
export interface ChildRequest extends Omit<CheckInput<Readonly<Record<string, Json>>>, 'evidence'> {
  readonly check: string;
  readonly evidence: readonly (readonly [string, CheckFile])[];
}

/** What the child answers: the check's report, or the message of what it threw. The parent believes none of it unread. */
export type ChildResponse = { readonly report: CheckReport } | { readonly thrown: string };
