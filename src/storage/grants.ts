import { sql } from 'kysely';
import { SIGNS } from '../domain/index.ts';
import { type Db, SCHEMA, type Tx } from './database.ts';
import { awaitLock } from './lock.ts';
import type { Tables } from './tables.ts';

type Table = keyof Tables;

/** What the database role of a surface may not do; it reads everything, and writes everything else. */
interface Limits {
  /** The signer whose statements it appends; null where it appends none. */
  readonly appends: 'worker' | 'approvals' | 'monitor' | null;
  /** What it has no business to write. */
  readonly barred: readonly Table[];
}

/** To signatures given again, which `countersign keys resign` appends as the owner, no surface adds either. */
const LEDGER: readonly Table[] = ['ledger', 'ledger_nodes', 'ledger_state', 'resignatures'];
const FOUND: readonly Table[] = ['stage_results', 'records', 'check_audits'];
/** What the monitor keeps of renewals; reports of inputs come in by the API too. */
const RENEWED: readonly Table[] = ['renewals', 'input_reports'];
const DECIDED: readonly Table[] = ['approval_decisions', 'effects'];
const ROLES: readonly Table[] = ['role_groups', 'role_grants', 'slack_accounts', 'suspensions'];
const SEEN: readonly Table[] = [
  'deployment_history',
  'deployments',
  'inventory_sources',
  'productions',
  'enforcements',
];

/** Roles by name. They are made by whoever administers the database; where one is missing, it is granted nothing. */
const SURFACE_ROLES: Readonly<Record<string, Limits>> = {
  countersign_api: {
    appends: null,
    barred: [...FOUND, ...DECIDED, ...ROLES, ...SEEN, 'delegations', 'overrides', 'renewals'],
  },
  countersign_queue: {
    appends: 'worker',
    barred: [
      ...DECIDED,
      ...ROLES,
      ...SEEN,
      ...RENEWED,
      'delegations',
      'overrides',
      'tokens',
      'deployment_reports',
      'fetches',
    ],
  },
  countersign_bot: {
    appends: 'approvals',
    barred: [...FOUND, ...SEEN, ...RENEWED, 'deployment_reports', 'fetches'],
  },
  // It notes on delegations that their end was told.
  countersign_monitor: {
    appends: 'monitor',
    barred: [...FOUND, ...DECIDED, ...ROLES, 'tokens', 'deployment_reports', 'fetches'],
  },
  // It says what the bytes of an artifact are, and nothing else.
  countersign_fetcher: {
    appends: null,
    barred: [
      ...[...FOUND, ...DECIDED, ...ROLES, ...SEEN, 'runs', 'approval_requests'],
      ...['delegations', 'overrides', 'tokens', 'deployment_reports'],
    ] as readonly Table[],
  },
};

/**
 * Grants each surface's role what it needs and no more, where the roles exist; returns those that do. The ledger can be
 * appended to by those who sign, each its own kinds of statement, and changed by none.
 */
export async function grantSurfaces(db: Db): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    await awaitLock(tx, 'countersign grants');
    const names = Object.keys(SURFACE_ROLES);
    const { rows } = await sql<{ name: string }>`
      select rolname as name from pg_roles where rolname = any(${names}) order by rolname`.execute(tx);
    const present = rows.map(({ name }) => name);
    if (present.length > 0) await limitRows(tx);
    for (const name of present) await grant(tx, name);
    return present;
  });
}

/** Who may append is told by kind, besides by table. Owners are not bound by it. */
async function limitRows(tx: Tx): Promise<void> {
  await sql`alter table ledger enable row level security`.execute(tx);
  await sql`drop policy if exists everybody_reads on ledger`.execute(tx);
  await sql`create policy everybody_reads on ledger for select using (true)`.execute(tx);
}

async function grant(tx: Tx, name: string): Promise<void> {
  const { appends, barred } = SURFACE_ROLES[name] ?? { appends: null, barred: [] };
  const [role, schema] = [sql.ref(name), sql.ref(SCHEMA)];
  await sql`revoke all on all tables in schema ${schema} from ${role}`.execute(tx);
  await sql`grant usage on schema ${schema} to ${role}`.execute(tx);
  await sql`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`.execute(tx);
  for (const table of [...LEDGER, ...barred])
    await sql`revoke insert, update, delete on ${sql.ref(table)} from ${role}`.execute(tx);
  await sql`drop policy if exists ${sql.ref(`${name}_appends`)} on ledger`.execute(tx);
  if (appends === null) return;
  await sql`grant insert on ledger, ledger_nodes to ${role}`.execute(tx);
  await sql`grant update on ledger_state to ${role}`.execute(tx);
  const kinds = sql.join(SIGNS[appends].map((kind) => sql.lit(kind)));
  await sql`create policy ${sql.ref(`${name}_appends`)} on ledger for insert to ${role}
    with check (kind in (${kinds}))`.execute(tx);
}
