import type { Logger } from '../domain/index.ts';
import { repeat, SECOND } from '../lib/index.ts';
import { type LedgerContext, sayHead } from '../services/index.ts';

/** How soon the monitor has a signed head of what was appended. */
const EVERY = 10 * SECOND;

/** Signs the ledger's head, now and again and again. What fails is logged, and tried again. */
export async function signHeads(context: LedgerContext, logger: Logger): Promise<AsyncDisposable> {
  const sign = async () => {
    try {
      const refusal = await sayHead(context);
      if (refusal !== null) logger.error("the ledger's head is not signed", { refusal });
    } catch (error) {
      logger.warn("the ledger's head cannot be signed now", { error });
    }
  };
  await sign();
  return repeat(EVERY, sign);
}
