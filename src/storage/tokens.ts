import type { Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

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
    })
    .execute();
}

/** A token by the hash of its secret; null when there is none. */
export async function findTokenByHash(db: Db, hash: string): Promise<TokenRow | null> {
  const row = await db.selectFrom('tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
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
  };
}
