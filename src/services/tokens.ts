import { z } from 'zod';
import { CountersignError, type Instant, type Principal } from '../domain/index.ts';
import { sha256Hex } from '../lib/index.ts';
import {
  addToOutbox,
  findTokenByHash,
  insertToken,
  listTokens,
  lockToken,
  revokeToken,
  type TokenRow,
  type Tx,
} from '../storage/index.ts';
import type { BaseContext, SubmissionContext } from './context.ts';

/** What a token may do. */
export const SCOPES = ['read', 'submit', 'deployments', 'admin', 'decide'] as const;
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

/** Whom a request comes from. */
export interface Caller {
  readonly principal: Principal;
  readonly scopes: ReadonlySet<Scope>;
  /** The token with which it came. */
  readonly tokenId: string;
}

/**
 * Makes a token; the secret is returned once and stored only as its SHA-256.
 * @throws CountersignError `invalid_input` for one that decides: `createPersonalToken` makes those
 */
export async function createToken(
  ctx: BaseContext,
  wish: TokenWish,
): Promise<{ id: string; secret: string }> {
  if (wish.scopes.includes('decide'))
    throw new CountersignError('invalid_input', 'a token that decides has an issuer and asks its person');
  const { secret, row } = newToken(ctx, wish, null);
  await insertToken(ctx.db, row);
  return { id: row.id, secret };
}

/** What is asked of a new token. */
export interface TokenWish {
  readonly subject: string;
  readonly scopes: readonly Scope[];
  readonly note: string;
  readonly expiresAt: Instant | null;
}

/** A token with its secret; nothing is stored. */
export function newToken(
  ctx: Pick<BaseContext, 'newId' | 'clock'>,
  wish: TokenWish,
  issuedBy: string | null,
): { readonly secret: string; readonly row: TokenRow } {
  const secret = `cs_${ctx.newId()}${ctx.newId()}`.replaceAll('-', '');
  const { subject, scopes, note, expiresAt } = wish;
  const said = { subject, scopes, note, expiresAt, issuedBy };
  const born = { createdAt: ctx.clock.now(), revokedAt: null, confirmedAt: null, seal: null };
  return { secret, row: { id: ctx.newId(), hash: sha256Hex(secret), ...said, ...born } };
}

/**
 * Whom a bearer secret speaks for.
 * @throws CountersignError `unauthenticated` without saying why; `forbidden` while its person has not confirmed it
 */
export async function authenticate(
  ctx: BaseContext & Pick<SubmissionContext, 'directory'>,
  secret: string,
): Promise<Caller> {
  const token = await findTokenByHash(ctx.db, sha256Hex(secret));
  if (token === null || !isCurrent(token, ctx.clock.now())) {
    throw new CountersignError('unauthenticated', 'the bearer token is unknown, expired or revoked');
  }
  if (!isConfirmed(token))
    throw new CountersignError(
      'forbidden',
      `the token is of no use before ${token.subject} confirms it in Slack: the bot has sent them a message`,
    );
  const scopes = new Set(token.scopes as Scope[]);
  return { principal: ctx.directory.principal(token.subject), scopes, tokenId: token.id };
}

/** Whether a token that decides was confirmed by its person; others need not be. */
export function isConfirmed({ scopes, confirmedAt }: Pick<TokenRow, 'scopes' | 'confirmedAt'>): boolean {
  return confirmedAt !== null || !scopes.includes('decide');
}

/** Whether a token is neither revoked nor expired. */
export function isCurrent(
  { revokedAt, expiresAt }: Pick<TokenRow, 'revokedAt' | 'expiresAt'>,
  now: Instant,
): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}

/** Revokes a token at once. @throws CountersignError `not_found` */
export async function endToken(ctx: BaseContext, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const token = await lockToken(tx, id);
    if (token === null) throw new CountersignError('not_found', `there is no token ${id}`);
    await revokeToken(tx, id, ctx.clock.now());
    if (token.issuedBy !== null) await queueTokenNotice(tx, id, ctx.clock.now());
  });
}

/** Has the bot show a token's person how it stands. */
export async function queueTokenNotice(tx: Tx, tokenId: string, now: Instant): Promise<void> {
  await addToOutbox(tx, { queue: 'slack', name: 'show-token', payload: { tokenId } }, now);
}

/** All tokens, without their hashes. */
export async function tokenList(ctx: BaseContext): Promise<Omit<TokenRow, 'hash' | 'seal'>[]> {
  return (await listTokens(ctx.db)).map(({ hash: _hash, seal: _seal, ...rest }) => rest);
}
