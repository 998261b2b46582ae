import { sql } from 'kysely';
import { type Db, SCHEMA, type Tx } from './database.ts';
import { awaitLock } from './lock.ts';
import { type LimitedTable, ROWS_BY, SURFACE_GRANTS, type SurfaceGrants } from './surface-grants.ts';

/**
 * Grants each surface's role what it needs and no more, where the roles exist; returns those that do. Rows are limited
 * before anything is granted. Owners are bound by none of it.
 */
export async function grantSurfaces(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select rolname as name from pg_roles where rolname = any(${Object.keys(SURFACE_GRANTS)}) order by rolname`.execute(
    db,
  );
  const present = rows.map(({ name }) => name);
  if (present.length === 0) return [];
  // A transaction each: it locks the table, and never two of them.
  for (const table of Object.keys(ROWS_BY) as LimitedTable[])
    await inTurn(db, (tx) => limitRows(tx, table, present));
  await inTurn(db, async (tx) => {
    for (const name of present) await grant(tx, name);
  });
  return present;
}

async function inTurn(db: Db, work: (tx: Tx) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await awaitLock(tx, 'countersign grants');
    await work(tx);
  });
}

/** Who may add which rows is told by a column of theirs, besides by table. Who may change or remove any is granted. */
async function limitRows(tx: Tx, table: LimitedTable, present: readonly string[]): Promise<void> {
  const on = sql.ref(table);
  await sql`alter table ${on} enable row level security`.execute(tx);
  await dropPolicies(tx, table);
  await sql`create policy everybody_reads on ${on} for select using (true)`.execute(tx);
  await sql`create policy granted_changes on ${on} for update using (true)`.execute(tx);
  await sql`create policy granted_removals on ${on} for delete using (true)`.execute(tx);
  for (const name of present) {
    const own = grantsOf(name).adds[table];
    if (own === undefined) continue;
    await sql`create policy ${sql.ref(`${name}_adds`)} on ${on} for insert to ${sql.ref(name)}
      with check (${sql.ref(ROWS_BY[table])} in (${sql.join(own.map((value) => sql.lit(value)))}))`.execute(
      tx,
    );
  }
}

/** Those of earlier releases too. */
async function dropPolicies(tx: Tx, table: LimitedTable): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select policyname as name from pg_policies where schemaname = ${SCHEMA} and tablename = ${table}`.execute(
    tx,
  );
  for (const { name } of rows) await sql`drop policy ${sql.ref(name)} on ${sql.ref(table)}`.execute(tx);
}

async function grant(tx: Tx, name: string): Promise<void> {
  const [role, schema] = [sql.ref(name), sql.ref(SCHEMA)];
  await sql`revoke all on all tables in schema ${schema} from ${role}`.execute(tx);
  await sql`grant usage on schema ${schema} to ${role}`.execute(tx);
  await sql`grant select on all tables in schema ${schema} to ${role}`.execute(tx);
  for (const [table, verbs] of Object.entries(grantsOf(name).writes))
    await sql`grant ${sql.raw(verbs.join(', '))} on ${sql.ref(table)} to ${role}`.execute(tx);
}

function grantsOf(name: string): SurfaceGrants {
  return SURFACE_GRANTS[name] ?? { writes: {}, adds: {} };
}
