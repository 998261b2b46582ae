import type { SignerName } from '../domain/index.ts';

/** What a process may run. */
export const SURFACES = ['api', 'queue', 'bot', 'monitor'] as const;
export type Surface = (typeof SURFACES)[number];

/** The signers that each surface holds. */
export const SIGNERS_OF: Readonly<Record<Surface, readonly SignerName[]>> = {
  api: ['ledger'],
  queue: ['worker'],
  bot: ['approvals', 'ledger'],
  monitor: ['ledger'],
};
