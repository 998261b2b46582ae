import { z } from 'zod';
import { CountersignError, type Instant, type Principal } from '../domain/index.ts';
import { sha256Hex } from '../lib/index.ts';
import { findTokenByHash, insertToken, listTokens, revokeToken, type TokenRow } from '../storage/index.ts';
import type { BaseContext, SubmissionContext } from './context.ts';

/** What a token may do. */
export const SCOPES = ['read', 'submit', 'deployments', 'admin'] as const;
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

/** Whom a request comes from. */
export interface Caller {
  readonly principal: Principal;
  readonly scopes: ReadonlySet<Scope>;
}

/** Makes a token; the secret is returned once and stored only as its SHA-256. */
export async function createToken(
  ctx: BaseContext,
  wish: { subject: string; scopes: readonly Scope[]; note: string; expiresAt: Instant | null },
): Promise<{ id: string; secret: string }> {
  const id = ctx.newId();
  const secret = `cs_${ctx.newId()}${ctx.newId()}`.replaceAll('-', '');
  await insertToken(ctx.db, {
    id,
    hash: sha256Hex(secret),
    ...wish,
    createdAt: ctx.clock.now(),
    revokedAt: null,
  });
  return { id, secret };
}

/** Whom a bearer secret speaks for. @throws CountersignError `unauthenticated` without saying why */
export async function authenticate(
  ctx: BaseContext & Pick<SubmissionContext, 'directory'>,
  secret: string,
): Promise<Caller> {
  const token = await findTokenByHash(ctx.db, sha256Hex(secret));
  if (token === null || !isCurrent(token, ctx.clock.now())) {
    throw new CountersignError('unauthenticated', 'the bearer token is unknown, expired or revoked');
  }
  return { principal: ctx.directory.principal(token.subject), scopes: new Set(token.scopes as Scope[]) };
}

function isCurrent({ revokedAt, expiresAt }: TokenRow, now: Instant): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}

/** Revokes a token at once. @throws CountersignError `not_found` */
export async function endToken(ctx: BaseContext, id: string): Promise<void> {
  if (!(await revokeToken(ctx.db, id, ctx.clock.now())))
    throw new CountersignError('not_found', `there is no token ${id}`);
}

/** All tokens, without their hashes. */
export async function tokenList(ctx: BaseContext): Promise<Omit<TokenRow, 'hash'>[]> {
  return (await listTokens(ctx.db)).map(({ hash: _hash, ...rest }) => rest);
}
