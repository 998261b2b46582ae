import type { Instant, ModelName } from '../domain/index.ts';
import type { RebuildOptions, RebuildResult } from './rebuild-tools.ts';

/** What a token may be allowed; the service's own scopes. */
export const TOKEN_SCOPES = ['read', 'submit', 'deployments', 'admin', 'decide'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A token to be made. */
export interface TokenWish {
  /** The account that it speaks for: `person:<id>`, `ci:<identity>`. */
  readonly subject: string;
  readonly scopes: readonly TokenScope[];
  readonly note: string;
  readonly expiresAt: Instant | null;
}

/** A token without its secret. */
export interface TokenSummary {
  readonly id: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly note: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  /** Who made it; null for tokens that decide nothing. */
  readonly issuedBy: string | null;
  /** When its person confirmed it in Slack; one that decides is of no use before. */
  readonly confirmedAt: Instant | null;
}

/** What operators' commands do on the database itself; the composition root makes it. */
export interface OperatorTools {
  /** The secret is told this once. @throws CountersignError `invalid_input` for one that could never decide */
  createToken(wish: TokenWish): Promise<{ readonly id: string; readonly secret: string }>;
  listTokens(): Promise<readonly TokenSummary[]>;
  /** @throws CountersignError `not_found` */
  revokeToken(id: string): Promise<void>;
  /** Has a model version's evidence published again everywhere; in how many places. */
  publish(name: ModelName): Promise<number>;
  /** Brings the database up to date; which surfaces' roles there are. @throws CountersignError `forbidden` for any but its owner */
  migrate(): Promise<{ readonly roles: readonly string[] }>;
  /**
   * Derives the tables anew from the ledger's statements, compares, and puts right what differs.
   * @throws CountersignError `integrity` where the entries are not those that were signed; `conflict`; `forbidden`
   */
  rebuild(options: RebuildOptions): Promise<RebuildResult>;
  close(): Promise<void>;
}
