import { saveHeadWord } from '../storage/index.ts';
import type { LedgerContext } from './context.ts';
import { isGarbled } from './garbled.ts';
import { currentCheckpoint } from './sign-checkpoint.ts';

/**
 * Signs the ledger's head as it is now where the monitor reads it, which has no key of the ledger: it holds what was signed
 * to the ledger, and publishes it. A head that is not signed is told there too.
 *
 * @returns why it was not signed; null where it was
 * @throws an error for want of a database, a disk or a certificate: then what was said before stands, and grows old
 */
export async function sayHead(ctx: LedgerContext): Promise<string | null> {
  const word = await wordOn(ctx);
  await saveHeadWord(ctx.db, { ...word, saidAt: ctx.clock.now() });
  return word.refusal;
}

async function wordOn(ctx: LedgerContext) {
  try {
    return { note: await currentCheckpoint(ctx), refusal: null };
  } catch (error) {
    if (!isGarbled(error)) throw error;
    return { note: null, refusal: error.message };
  }
}
