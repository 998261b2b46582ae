import type { Instant } from '../domain/index.ts';

/** The secret that signs links to pages. */
export interface LinkSecretTable {
  /** Always true: there is one row. */
  only_one: boolean;
  secret: string;
  made_at: Instant;
}
