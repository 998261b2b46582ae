import type { GroupGrant } from '../domain/index.ts';
import { canonicalJson, hmac, isSameSecret } from '../lib/index.ts';
import type { InboxRow, SealedGrant, TokenRow } from '../storage/index.ts';

/** What proves that the bot itself put something into the database. */
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

/** The seal of a token that its person confirmed: over all that makes it what they confirmed. */
export function sealOfToken({ arrivalKey }: SealContext, token: Omit<TokenRow, 'seal'>): string {
  const { id, hash, subject, scopes, expiresAt, issuedBy, confirmedAt } = token;
  return hmac(
    arrivalKey,
    canonicalJson(['token', id, hash, subject, [...scopes], expiresAt, issuedBy, confirmedAt]),
  );
}

/** Whether a token was confirmed to the bot, as it is now. */
export function isTokenSealed(ctx: SealContext, token: TokenRow): boolean {
  return token.seal !== null && isSameSecret(token.seal, sealOfToken(ctx, token));
}

/** A grant of a user group's role with its seal. */
export function sealGrant<Grant extends GroupGrant>(
  { arrivalKey }: SealContext,
  grant: Grant,
): Grant & { readonly seal: string } {
  const { person, role, group, from, until } = grant;
  return { ...grant, seal: hmac(arrivalKey, canonicalJson(['grant', person, role, group, from, until])) };
}

/** Whether the bot learned a grant from Slack, as it is now. */
export function isGrantSealed(ctx: SealContext, grant: SealedGrant): boolean {
  return grant.seal !== null && isSameSecret(grant.seal, sealGrant(ctx, grant).seal);
}
