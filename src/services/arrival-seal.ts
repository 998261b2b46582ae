import { canonicalJson, hmac, isSameSecret } from '../lib/index.ts';
import type { InboxRow } from '../storage/index.ts';

/** What proves that the bot itself put an arrival into the inbox. */
export interface SealContext {
  /** Secret of the bot's, in no database: whoever owns the tables can forge rows, and no seal. */
  readonly arrivalKey: string;
}

/** What is sealed: all that an answer depends on. */
type Sealed = Pick<InboxRow, 'id' | 'source' | 'payload' | 'receivedAt'>;

/** The seal of an arrival: an HMAC over all that its answer depends on. */
export function sealOf({ arrivalKey }: SealContext, { id, source, payload, receivedAt }: Sealed): string {
  return hmac(arrivalKey, canonicalJson(['arrival', id, source, receivedAt, payload]));
}

/** Whether an arrival is as the bot kept it. */
export function isSealed(ctx: SealContext, row: Sealed & Pick<InboxRow, 'seal'>): boolean {
  return row.seal !== null && isSameSecret(row.seal, sealOf(ctx, row));
}
