import type { SignerName } from '../domain/index.ts';

/** What a process may run. */
export const SURFACES = ['api', 'queue', 'bot', 'monitor', 'fetcher'] as const;
export type Surface = (typeof SURFACES)[number];

/**
 * The signers that each surface holds: one at most. What the bot and the monitor conclude rests on views that they sign with
 * keys that nobody else believes: neither must be able to speak for the ledger.
 */
export const SIGNERS_OF: Readonly<Record<Surface, readonly SignerName[]>> = {
  api: ['ledger'],
  queue: ['worker'],
  bot: ['approvals'],
  monitor: ['monitor'],
  fetcher: [],
};
