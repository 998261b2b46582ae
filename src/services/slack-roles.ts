import {
  type AccountBar,
  type AccountSource,
  barOf,
  type Directory,
  type GroupGrant,
  type GroupRule,
  grantChanges,
  grantsWithoutRule,
  isFresh,
  type PersonId,
  type SlackAccount,
} from '../domain/index.ts';
import {
  addToOutbox,
  closeGrants,
  confirmGroup,
  findAccount,
  lockRoles,
  openGrants,
  roleGroups,
  rolesFromSlack,
  saveAccount,
  saveRoleRules,
  saveSuspension,
  type Tx,
} from '../storage/index.ts';
import { isGrantSealed, type SealContext, sealGrant } from './arrival-seal.ts';
import type { BaseContext } from './context.ts';
import { peopleNow } from './people-now.ts';
import { queueOpenCards } from './queue-card.ts';

/** Learning from Slack who holds which role. */
export interface SlackRolesContext extends BaseContext, SealContext {
  readonly directory: Directory;
  readonly accounts: AccountSource;
  /** The workspace (`T…`) or organisation (`E…`) whose accounts count. */
  readonly place: string;
  readonly rules: readonly GroupRule[];
}

/** Something that Slack would not tell. */
export interface Untold {
  /** The group (`S…`) or account (`U…`) that was asked about. */
  readonly about: string;
  readonly error: unknown;
}

/**
 * Brings the stored roles in line with the configuration and with Slack. A group of which Slack said less than a minute
 * ago who is in it is not asked about again. Returns what could not be learned: its memberships stand as they were,
 * and decide for fifteen minutes at most.
 */
export async function syncRoles(ctx: SlackRolesContext): Promise<Untold[]> {
  await applyRules(ctx);
  return refreshGroups(
    ctx,
    ctx.rules.map(({ group }) => group),
  );
}

/** Has who is in a group looked up soon, because Slack said that it changed; false for a group that gives no role. */
export async function queueGroupRefresh(ctx: SlackRolesContext, group: string): Promise<boolean> {
  if (!ctx.rules.some((rule) => rule.group === group)) return false;
  await ctx.db
    .transaction()
    .execute((tx) =>
      addToOutbox(tx, { queue: 'slack', name: 'refresh-group', payload: { group } }, ctx.clock.now()),
    );
  return true;
}

/** Asks about these groups, unless Slack said less than a minute ago who is in them. */
export async function refreshGroups(ctx: SlackRolesContext, groups: readonly string[]): Promise<Untold[]> {
  const known = new Map((await roleGroups(ctx.db)).map(({ group, confirmedAt }) => [group, confirmedAt]));
  const now = ctx.clock.now();
  const due = [...new Set(groups)].filter((group) => !isFresh(known.get(group) ?? undefined, now));
  const untold = await Promise.all(due.map((group) => attempt(group, () => refreshGroup(ctx, group))));
  return untold.flat();
}

/**
 * Asks Slack who is in a group and stores what that changes. An answer that was asked for before another that is stored
 * already says nothing new.
 * @throws CountersignError `unavailable`
 */
export async function refreshGroup(ctx: SlackRolesContext, group: string): Promise<void> {
  const askedAt = ctx.clock.now();
  const users = await ctx.accounts.membersOf(group);
  const people = users.flatMap((user) => ctx.directory.personOfSlack({ team: ctx.place, user }) ?? []);
  await ctx.db.transaction().execute(async (tx) => {
    await lockRoles(tx);
    const rows = (await roleGroups(tx)).filter((row) => row.group === group);
    if (rows.length === 0 || rows.some(({ confirmedAt }) => (confirmedAt ?? '') > askedAt)) return;
    const forged = await endForged(tx, ctx);
    const { grants } = await rolesFromSlack(tx);
    const { opened, closed } = grantChanges({ group, people }, rows, grants, ctx.clock.now());
    await openGrants(tx, sealed(ctx, opened));
    await closeGrants(tx, sealed(ctx, closed));
    await confirmGroup(tx, group, askedAt);
    if (forged + opened.length + closed.length > 0) await followUp(tx, ctx);
  });
}

function sealed<Grant extends GroupGrant>(ctx: SealContext, grants: readonly Grant[]) {
  return grants.map((grant) => sealGrant(ctx, grant));
}

/** Ends the grants that stand and that no bot with this key sealed; they never counted. Returns how many there were. */
async function endForged(tx: Tx, ctx: SlackRolesContext): Promise<number> {
  const { grants } = await rolesFromSlack(tx);
  const forged = grants.filter((grant) => !isGrantSealed(ctx, grant));
  const ends = grantsWithoutRule([], forged, ctx.clock.now()).map((grant) => ({ ...grant, seal: null }));
  await closeGrants(tx, ends);
  return ends.length;
}

/** Asks about the accounts of these people, unless Slack said less than a minute ago what they are. */
export async function refreshPeople(ctx: SlackRolesContext, people: readonly PersonId[]): Promise<Untold[]> {
  const untold = await Promise.all([...new Set(people)].map((person) => refreshPerson(ctx, person)));
  return untold.flat();
}

/** A person is suspended while none of their accounts here may act. */
async function refreshPerson(ctx: SlackRolesContext, person: PersonId): Promise<Untold[]> {
  const own = ctx.directory.slackOf(person).filter(({ team }) => team === ctx.place);
  const untold = await Promise.all(
    own.map((account) => attempt(account.user, () => refreshAccount(ctx, person, account, own))),
  );
  return untold.flat();
}

async function refreshAccount(
  ctx: SlackRolesContext,
  person: PersonId,
  account: SlackAccount,
  own: readonly SlackAccount[],
): Promise<void> {
  const askedAt = ctx.clock.now();
  if (isFresh((await findAccount(ctx.db, account))?.confirmedAt, askedAt)) return;
  const facts = await ctx.accounts.factsOf(account.user);
  const bar: AccountBar | null = facts === null ? 'unknown' : barOf(facts, ctx.place);
  await ctx.db.transaction().execute(async (tx) => {
    await lockRoles(tx);
    if (((await findAccount(tx, account))?.confirmedAt ?? '') > askedAt) return;
    await saveAccount(tx, account, { bar, timeZone: facts?.timeZone ?? null, confirmedAt: askedAt });
    const suspended = await areAllBarred(tx, own);
    if (await saveSuspension(tx, person, suspended, ctx.clock.now())) await followUp(tx, ctx);
  });
}

async function areAllBarred(tx: Tx, accounts: readonly SlackAccount[]): Promise<boolean> {
  for (const account of accounts) {
    const row = await findAccount(tx, account);
    if (row === null || row.bar === null) return false;
  }
  return true;
}

/** What the configuration says no more ends at once, whether or not Slack can be asked. */
async function applyRules(ctx: SlackRolesContext): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    await lockRoles(tx);
    await saveRoleRules(tx, ctx.rules);
    const forged = await endForged(tx, ctx);
    const { grants } = await rolesFromSlack(tx);
    const closed = grantsWithoutRule(ctx.rules, grants, ctx.clock.now());
    await closeGrants(tx, sealed(ctx, closed));
    if (forged + closed.length > 0) await followUp(tx, ctx);
  });
}

/** Roles changed: this process knows at once, and cards say who can decide now. */
async function followUp(tx: Tx, ctx: SlackRolesContext): Promise<void> {
  const now = ctx.clock.now();
  await queueOpenCards(tx, now);
  await peopleNow({ db: tx, directory: ctx.directory });
}

async function attempt(about: string, work: () => Promise<void>): Promise<Untold[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return [{ about, error }];
  }
}
