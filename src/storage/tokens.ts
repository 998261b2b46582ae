import type { Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** An API token without its secret. */
export interface TokenRow {
  readonly id: string;
  readonly hash: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly note: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  /** Who made it; null for tokens that decide nothing. */
  readonly issuedBy: string | null;
  /** When its person confirmed it in Slack; null while they have not, and for tokens that decide nothing. */
  readonly confirmedAt: Instant | null;
  /** What proves that the bot took the confirmation; null where there is none. */
  readonly seal: string | null;
}

/** Stores a token; of its secret, the hash alone. */
export async function insertToken(db: Db, token: TokenRow): Promise<void> {
  const { id, hash, subject, scopes, note } = token;
  await db
    .insertInto('tokens')
    .values({
      id,
      hash,
      subject,
      scopes: JSON.stringify(scopes),
      note,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
      revoked_at: null,
      issued_by: token.issuedBy,
      confirmed_at: null,
      confirmed_by: null,
      seal: null,
    })
    .execute();
}

/** A token by the hash of its secret; null when there is none. */
export async function findTokenByHash(db: Db, hash: string): Promise<TokenRow | null> {
  const row = await db.selectFrom('tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** A token by its id; null when there is none. */
export async function findToken(db: Db, id: string): Promise<TokenRow | null> {
  const row = await db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Takes a token's row lock: what its person says and what an operator does to it take turns. */
export async function lockToken(tx: Tx, id: string): Promise<TokenRow | null> {
  const row = await tx.selectFrom('tokens').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Notes that a token's person confirmed it, with which Slack account; the first time counts. */
export async function markTokenConfirmed(
  tx: Tx,
  id: string,
  { at, by, seal }: { readonly at: Instant; readonly by: string; readonly seal: string },
): Promise<void> {
  await tx
    .updateTable('tokens')
    .set({ confirmed_at: at, confirmed_by: by, seal })
    .where('id', '=', id)
    .where('confirmed_at', 'is', null)
    .execute();
}

/** All tokens, oldest first, revoked ones too. */
export async function listTokens(db: Db): Promise<TokenRow[]> {
  return (await db.selectFrom('tokens').selectAll().orderBy('created_at').execute()).map(fromRow);
}

/** Revokes a token; false when there is none with that id. Revoking twice keeps the first time. */
export async function revokeToken(db: Db, id: string, at: Instant): Promise<boolean> {
  await db
    .updateTable('tokens')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
  return (await db.selectFrom('tokens').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

function fromRow(row: {
  id: string;
  hash: string;
  subject: string;
  scopes: string[];
  note: string;
  created_at: Instant;
  expires_at: Instant | null;
  revoked_at: Instant | null;
  issued_by: string | null;
  confirmed_at: Instant | null;
  seal: string | null;
}): TokenRow {
  return {
    id: row.id,
    hash: row.hash,
    subject: row.subject,
    scopes: row.scopes,
    note: row.note,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    issuedBy: row.issued_by,
    confirmedAt: row.confirmed_at,
    seal: row.seal,
  };
}
