import { sql } from 'kysely';
import type {
  AccountBar,
  GroupGrant,
  GroupRule,
  Instant,
  PersonId,
  RolesFromSlack,
  SlackAccount,
  Suspension,
} from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

const LOCK = 'roles from Slack';

/** Keeps roles as they are until the transaction ends; many may do so at once. */
export async function holdRoles(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${LOCK}, 0))`.execute(tx);
}

/** Waits until nobody holds roles as they are, and lets nobody do so until the transaction ends. */
export async function lockRoles(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${LOCK}, 0))`.execute(tx);
}

/** A grant with what proves that the bot learned it from Slack; null where nothing does. */
export interface SealedGrant extends GroupGrant {
  readonly seal: string | null;
}

/** All grants of user groups and suspensions, past and present. */
export async function rolesFromSlack(
  db: Db,
): Promise<Omit<RolesFromSlack, 'grants'> & { readonly grants: readonly SealedGrant[] }> {
  const grants = await db.selectFrom('role_grants').selectAll().orderBy('id').execute();
  const suspensions = await db.selectFrom('suspensions').selectAll().orderBy('id').execute();
  return {
    grants: grants.map(({ person, role, group_id: group, held_from: from, held_until: until, seal }) => ({
      person,
      role,
      group,
      from,
      until,
      seal,
    })),
    suspensions: suspensions.map(({ person, suspended_from: from, suspended_until: until }) => ({
      person,
      from,
      until,
    })),
  };
}

/** A rule with when Slack last said who is in its group; null when it never did. */
export interface RoleGroupRow extends GroupRule {
  readonly confirmedAt: Instant | null;
}

/** The rules by which groups of Slack hold roles, with what is known of each group. */
export async function roleGroups(db: Db): Promise<RoleGroupRow[]> {
  const rows = await db.selectFrom('role_groups').selectAll().orderBy('group_id').orderBy('role').execute();
  return rows.map(({ group_id: group, role, confirmed_at: confirmedAt }) => ({ group, role, confirmedAt }));
}

/** Makes the stored rules those of the configuration; a rule that stays keeps what is known of its group. */
export async function saveRoleRules(tx: Tx, rules: readonly GroupRule[]): Promise<void> {
  const stored = await roleGroups(tx);
  const isSame = (a: GroupRule) => (b: GroupRule) => a.group === b.group && a.role === b.role;
  for (const { group, role } of stored.filter((row) => !rules.some(isSame(row))))
    await tx.deleteFrom('role_groups').where('group_id', '=', group).where('role', '=', role).execute();
  const added = rules.filter((rule) => !stored.some(isSame(rule)));
  for (const { group, role } of added)
    await tx
      .insertInto('role_groups')
      .values({ group_id: group, role, confirmed_at: null })
      .onConflict((oc) => oc.doNothing())
      .execute();
}

/** Notes when Slack last said who is in a group. */
export async function confirmGroup(tx: Tx, group: string, at: Instant): Promise<void> {
  await tx.updateTable('role_groups').set({ confirmed_at: at }).where('group_id', '=', group).execute();
}

/** Begins grants. */
export async function openGrants(tx: Tx, grants: readonly SealedGrant[]): Promise<void> {
  for (const { person, role, group, from, seal } of grants)
    await tx
      .insertInto('role_grants')
      .values({ person, role, group_id: group, held_from: from, held_until: null, seal })
      .execute();
}

/** Ends grants that stand. */
export async function closeGrants(
  tx: Tx,
  grants: readonly (SealedGrant & { readonly until: Instant })[],
): Promise<void> {
  for (const { person, role, group, until, seal } of grants)
    await tx
      .updateTable('role_grants')
      .set({ held_until: until, seal })
      .where('person', '=', person)
      .where('role', '=', role)
      .where('group_id', '=', group)
      .where('held_until', 'is', null)
      .execute();
}

/** What Slack last said of an account, and when. */
export interface AccountRow {
  readonly bar: AccountBar | null;
  /** IANA name; null where Slack does not say. */
  readonly timeZone: string | null;
  readonly confirmedAt: Instant;
}

/** Null when it was never asked. */
export async function findAccount(db: Db, { team, user }: SlackAccount): Promise<AccountRow | null> {
  const row = await db
    .selectFrom('slack_accounts')
    .selectAll()
    .where('team', '=', team)
    .where('user_id', '=', user)
    .executeTakeFirst();
  return row === undefined ? null : { bar: row.bar, timeZone: row.time_zone, confirmedAt: row.confirmed_at };
}

/** Keeps what Slack said of an account. */
export async function saveAccount(tx: Tx, { team, user }: SlackAccount, row: AccountRow): Promise<void> {
  const values = { bar: row.bar, time_zone: row.timeZone, confirmed_at: row.confirmedAt };
  await tx
    .insertInto('slack_accounts')
    .values({ team, user_id: user, ...values })
    .onConflict((oc) => oc.columns(['team', 'user_id']).doUpdateSet(values))
    .execute();
}

/** Begins or ends a person's suspension; one that stands already, or not, stays as it is. */
export async function saveSuspension(
  tx: Tx,
  person: PersonId,
  suspended: boolean,
  at: Instant,
): Promise<boolean> {
  const standing = await standingSuspension(tx, person);
  if ((standing !== null) === suspended) return false;
  if (standing === null)
    await tx
      .insertInto('suspensions')
      .values({ person, suspended_from: at, suspended_until: null })
      .execute();
  else
    await tx
      .updateTable('suspensions')
      .set({ suspended_until: at < standing.from ? standing.from : at })
      .where('person', '=', person)
      .where('suspended_until', 'is', null)
      .execute();
  return true;
}

async function standingSuspension(db: Db, person: PersonId): Promise<Suspension | null> {
  const row = await db
    .selectFrom('suspensions')
    .selectAll()
    .where('person', '=', person)
    .where('suspended_until', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : { person, from: row.suspended_from, until: null };
}
