import { sql } from 'kysely';
import type { Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** How a source of the inventory stands. */
export interface SourceState {
  readonly name: string;
  /** When the newest look began. */
  readonly lookedAt: Instant;
  /** When everything was seen last; null for never. */
  readonly seenAt: Instant | null;
  /** The first look since then that did not show everything; null while all is seen. */
  readonly failingSince: Instant | null;
  /** What the newest look could not see, in words; null while all is seen. */
  readonly problem: string | null;
  /** How many deployments the newest look that showed something showed. */
  readonly deployments: number;
}

/** How every source stands that was looked at, by name. */
export async function sourceStates(db: Db): Promise<ReadonlyMap<string, SourceState>> {
  const rows = await db.selectFrom('inventory_sources').selectAll().orderBy('name').execute();
  return new Map(
    rows.map(({ name, looked_at, seen_at, failing_since, problem, deployments }) => [
      name,
      { name, lookedAt: looked_at, seenAt: seen_at, failingSince: failing_since, problem, deployments },
    ]),
  );
}

/** Notes how sources stand, and forgets those that are no longer looked at. */
export async function saveSourceStates(tx: Tx, states: readonly SourceState[]): Promise<void> {
  const names = states.map(({ name }) => name);
  await tx.deleteFrom('inventory_sources').where(sql<boolean>`name <> all(${names}::text[])`).execute();
  if (states.length === 0) return;
  await tx
    .insertInto('inventory_sources')
    .values(
      states.map(({ name, lookedAt, seenAt, failingSince, problem, deployments }) => ({
        name,
        looked_at: lookedAt,
        seen_at: seenAt,
        failing_since: failingSince,
        problem,
        deployments,
      })),
    )
    .onConflict((oc) =>
      oc.column('name').doUpdateSet(({ ref }) => ({
        looked_at: ref('excluded.looked_at'),
        seen_at: ref('excluded.seen_at'),
        failing_since: ref('excluded.failing_since'),
        problem: ref('excluded.problem'),
        deployments: ref('excluded.deployments'),
      })),
    )
    .execute();
}
