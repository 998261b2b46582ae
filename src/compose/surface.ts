import type { SignerName } from '../domain/index.ts';

/** What a process may run. */
export const SURFACES = ['api', 'queue', 'bot', 'monitor', 'fetcher'] as const;
export type Surface = (typeof SURFACES)[number];

/**
 * The signers that each surface holds. What the bot tells people of verdicts rests on views that it signs with a key that
 * nobody else believes: the approval service must not be able to speak for the ledger.
 */
export const SIGNERS_OF: Readonly<Record<Surface, readonly SignerName[]>> = {
  api: ['ledger'],
  queue: ['worker'],
  bot: ['approvals'],
  monitor: ['ledger', 'monitor'],
  fetcher: [],
};
