import type { Instant, LedgerEntry } from '../domain/index.ts';
import { type Appendable, appendStatement, noteArrival, type Tx } from '../storage/index.ts';

/**
 * Records what a person has us sign, with the arrival in which they did: the monitor looks for what is behind it.
 *
 * @param arrival id of the inbox row; undefined where nothing arrived
 */
export async function recordAsked(
  tx: Tx,
  signed: Appendable,
  now: Instant,
  arrival: string | undefined,
): Promise<LedgerEntry> {
  if (arrival !== undefined) await noteArrival(tx, signed.id, arrival);
  return appendStatement(tx, signed, now);
}
