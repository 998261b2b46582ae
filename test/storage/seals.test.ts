import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { findToken, insertToken } from '../../src/storage/index.ts';
import { seals } from '../../src/storage/migrations/0035-seals.ts';
import { createTestDatabase } from '../support/database.ts';

it('asks people again about the tokens that they confirmed to a release without seals', async () => {
  const database = await createTestDatabase();
  const { db } = database;
  const now = new Date().toISOString();
  const later = new Date(Date.now() + 86_400_000).toISOString();
  const said = { subject: 'person:lea', scopes: ['decide'], note: '', issuedBy: 'ops' };
  const life = { createdAt: now, expiresAt: later, revokedAt: null, confirmedAt: null, seal: null };
  for (const id of ['confirmed', 'waiting', 'revoked'])
    await insertToken(db, { ...said, ...life, id, hash: id });
  await sql`alter table tokens drop column seal`.execute(db);
  await sql`alter table role_grants drop column seal`.execute(db);
  await sql`update tokens set confirmed_at = now() where id <> 'waiting'`.execute(db);
  await sql`update tokens set revoked_at = now() where id = 'revoked'`.execute(db);
  await db.transaction().execute((tx) => seals.up(tx));
  expect(await findToken(db, 'confirmed')).toMatchObject({ confirmedAt: null, seal: null });
  const jobs = await db.selectFrom('outbox').select(['name', 'payload']).execute();
  expect(jobs).toEqual([{ name: 'show-token', payload: { tokenId: 'confirmed' } }]);
  await database.close();
});
