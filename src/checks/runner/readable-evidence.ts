import { type CheckDescription, type CheckFile, readsEvidence } from '../contract.ts';
import type { CheckRequest } from './request.ts';

/** The evidence that a check is handed, in the order of its names. */
export function readableEvidence(
  check: Pick<CheckDescription, 'evidence'>,
  { evidence }: Pick<CheckRequest, 'evidence'>,
): (readonly [string, CheckFile])[] {
  return [...evidence].filter(([name]) => readsEvidence(check, name)).sort(([a], [b]) => (a < b ? -1 : 1));
}
