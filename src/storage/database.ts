import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';
import { type AppendMemory, RememberedDatabase } from './append-memory.ts';
import { first } from './migrations/0001-first.ts';
import { checkAudits } from './migrations/0002-check-audits.ts';
import { decisions } from './migrations/0003-decisions.ts';
import { escalation } from './migrations/0004-escalation.ts';
import { roleGrants } from './migrations/0005-role-grants.ts';
import { overrides } from './migrations/0006-overrides.ts';
import { personalTokens } from './migrations/0007-personal-tokens.ts';
import { alertHandling } from './migrations/0008-alert-handling.ts';
import { deliveries } from './migrations/0009-deliveries.ts';
import { ciRuns } from './migrations/0010-ci-runs.ts';
import { delegations } from './migrations/0011-delegations.ts';
import { endings } from './migrations/0012-endings.ts';
import { ledgerTree } from './migrations/0013-ledger-tree.ts';
import { linkSecret } from './migrations/0014-link-secret.ts';
import { publications } from './migrations/0015-publications.ts';
import { overrideCards } from './migrations/0016-override-cards.ts';
import { trust } from './migrations/0017-trust.ts';
import { timeZones } from './migrations/0018-time-zones.ts';
import { checkpoints } from './migrations/0019-checkpoints.ts';
import { effects } from './migrations/0020-effects.ts';
import { submitterNotes } from './migrations/0021-submitter-notes.ts';
import { inventory } from './migrations/0022-inventory.ts';
import { renewals } from './migrations/0023-renewals.ts';
import { alertDeliveries } from './migrations/0024-alert-deliveries.ts';
import { fetches } from './migrations/0025-fetches.ts';
import { deploymentHistory } from './migrations/0026-deployment-history.ts';
import { productions } from './migrations/0027-productions.ts';
import { enforcements } from './migrations/0028-enforcements.ts';
import { manifests } from './migrations/0029-manifests.ts';
import { arrivalSeals } from './migrations/0030-arrival-seals.ts';
import { ledgerOrder } from './migrations/0031-ledger-order.ts';
import { changes } from './migrations/0032-changes.ts';
import { witnessRequests } from './migrations/0033-witness-requests.ts';
import { statementArrivals } from './migrations/0034-statement-arrivals.ts';
import { seals } from './migrations/0035-seals.ts';
import { flapping } from './migrations/0036-flapping.ts';
import { cardButtons } from './migrations/0037-card-buttons.ts';
import { provenAnswers } from './migrations/0038-proven-answers.ts';
import { waits } from './migrations/0039-waits.ts';
import { twoSummaries } from './migrations/0040-two-summaries.ts';
import { signedHead } from './migrations/0041-signed-head.ts';
import { evidenceRequests } from './migrations/0042-evidence-requests.ts';
import { policyDocuments } from './migrations/0043-policy-documents.ts';
import { ledgerClock } from './migrations/0044-ledger-clock.ts';
import { runSeals } from './migrations/0045-run-seals.ts';
import { instants } from './migrations/0046-instants.ts';
import { fetchSeals } from './migrations/0047-fetch-seals.ts';
import { breakOffSilent } from './patience.ts';
import type { Tables } from './tables.ts';

/** The database; queries outside a transaction. */
export type Db = Kysely<Tables>;
/** A transaction: functions that write or lock ask for one. */
export type Tx = Transaction<Tables>;

/** The schema that holds our tables, apart from the queue's. */
export const SCHEMA = 'countersign';
const MIGRATIONS: Record<string, Migration> = {
  '0001-first': first,
  '0002-check-audits': checkAudits,
  '0003-decisions': decisions,
  '0004-escalation': escalation,
  '0005-role-grants': roleGrants,
  '0006-overrides': overrides,
  '0007-personal-tokens': personalTokens,
  '0008-alert-handling': alertHandling,
  '0009-deliveries': deliveries,
  '0010-ci-runs': ciRuns,
  '0011-delegations': delegations,
  '0012-endings': endings,
  '0013-ledger-tree': ledgerTree,
  '0014-link-secret': linkSecret,
  '0015-publications': publications,
  '0016-override-cards': overrideCards,
  '0017-trust': trust,
  '0018-time-zones': timeZones,
  '0019-checkpoints': checkpoints,
  '0020-effects': effects,
  '0021-submitter-notes': submitterNotes,
  '0022-inventory': inventory,
  '0023-renewals': renewals,
  '0024-alert-deliveries': alertDeliveries,
  '0025-fetches': fetches,
  '0026-deployment-history': deploymentHistory,
  '0027-productions': productions,
  '0028-enforcements': enforcements,
  '0029-manifests': manifests,
  '0030-arrival-seals': arrivalSeals,
  '0031-ledger-order': ledgerOrder,
  '0032-changes': changes,
  '0033-witness-requests': witnessRequests,
  '0034-statement-arrivals': statementArrivals,
  '0035-seals': seals,
  '0036-flapping': flapping,
  '0037-card-buttons': cardButtons,
  '0038-proven-answers': provenAnswers,
  '0039-waits': waits,
  '0040-two-summaries': twoSummaries,
  '0041-signed-head': signedHead,
  '0042-evidence-requests': evidenceRequests,
  '0043-policy-documents': policyDocuments,
  '0044-ledger-clock': ledgerClock,
  '0045-run-seals': runSeals,
  '0046-instants': instants,
  '0047-fetch-seals': fetchSeals,
};

/** How a pool is opened. */
export interface PoolOptions {
  /** Ten unless given. */
  readonly maxConnections?: number;
  /** Milliseconds after which a connection that does not answer is broken off (`breakOffSilent`); never unless given. */
  readonly patience?: number;
  /** Where it is remembered what is appended to the ledger; nowhere unless given. */
  readonly memory?: AppendMemory | null;
}

/** Opens a pool. Times come back as RFC 3339 UTC text, bigints as safe integers. */
export function openDatabase(connectionString: string, options: PoolOptions = {}): Db {
  const { patience, memory = null } = options;
  const pool = new pg.Pool({
    connectionString,
    keepAlive: true,
    ...(patience === undefined ? {} : { connectionTimeoutMillis: patience }),
    max: options.maxConnections ?? 10,
    // In any other zone times of long ago are written in ways that nobody reads.
    options: `-c search_path=${SCHEMA} -c timezone=UTC`,
    application_name: 'countersign',
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  });
  // A dropped idle connection is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {});
  // The same for one that is in use but waits between two queries: its next query fails, which is enough.
  pool.on('connect', (client) => client.on('error', () => {}));
  if (patience !== undefined) breakOffSilent(pool, patience);
  const dialect = new PostgresDialect({ pool });
  return memory === null ? new Kysely<Tables>({ dialect }) : new RememberedDatabase({ dialect }, memory);
}

const TIMESTAMPTZ = 1184;
const BIGINT = 20;

function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
  if (oid === BIGINT) return safeInteger;
  return pg.types.getTypeParser(oid, format ?? 'text');
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the database holds ${text}, which is beyond 2^53`);
  return value;
}

/** Brings the schema up to date; processes that start together take turns. */
export async function migrateDatabase(db: Db): Promise<void> {
  await sql`create schema if not exists ${sql.ref(SCHEMA)}`.execute(db).catch(ignoreRace);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableSchema: SCHEMA,
    // Each migration stands for itself: a database of an older checkout takes those that it has missed.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** Whether the schema is as this release needs it; false also where this account may not even look. */
export async function isMigrated(db: Db): Promise<boolean> {
  const applied = await sql<{ name: string }>`select name from ${sql.ref(`${SCHEMA}.kysely_migration`)}`
    .execute(db)
    .catch(() => ({ rows: [] }));
  const names = new Set(applied.rows.map(({ name }) => name));
  return Object.keys(MIGRATIONS).every((name) => names.has(name));
}

/** Two processes may both find the schema absent; the second `create` then fails on the catalogue's unique key. */
function ignoreRace(error: unknown): void {
  if ((error as { code?: string }).code !== '23505') throw error;
}

/** Whether the database answers. */
export async function pingDatabase(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}

/** What is known of a database server. */
export interface DatabaseFacts {
  readonly majorVersion: number;
  /** Its clock: milliseconds since 1970. */
  readonly time: number;
  /** Whether our tables can be made, or are made already. */
  readonly mayCreate: boolean;
}

/** Asks a database server about itself; nothing of ours need be there yet. */
export async function databaseFacts(db: Db): Promise<DatabaseFacts> {
  const { rows } = await sql<{ version: number; time: number; may: boolean }>`
    select current_setting('server_version_num')::int / 10000 as version,
      extract(epoch from clock_timestamp())::float8 * 1000 as time,
      coalesce((select has_schema_privilege(oid, 'create') from pg_namespace where nspname = ${SCHEMA}),
        has_database_privilege(current_database(), 'create')) as may`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('the database answers nothing');
  return { majorVersion: row.version, time: row.time, mayCreate: row.may };
}
