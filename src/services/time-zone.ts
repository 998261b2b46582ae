import { type Directory, type PersonId, rolesAt } from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import { type AccountRow, type Db, findAccount } from '../storage/index.ts';
import { peopleNow } from './people-now.ts';
import { refreshPeople, type SlackRolesContext, type Untold } from './slack-roles.ts';

type ZoneContext = { readonly db: Db; readonly directory: Directory };

/**
 * The time zone in which a person works (IANA name): that of the people map, else what Slack last said of one of their
 * accounts; null where neither says.
 */
export async function timeZoneOf(ctx: ZoneContext, person: PersonId): Promise<string | null> {
  const own = ctx.directory.timeZoneOf(person);
  if (own !== null) return own;
  return (await accountsOf(ctx, person)).find((row) => row?.timeZone != null)?.timeZone ?? null;
}

/** Most people who are asked about in one round: looking at profiles must not be what Slack's limits are spent on. */
const AT_ONCE = 20;

/**
 * Asks Slack about people who hold a role, of whom the people map says no time zone, and of whom Slack has said nothing for
 * a day. Returns what could not be learned.
 */
export async function refreshTimeZones(ctx: SlackRolesContext): Promise<Untold[]> {
  const now = ctx.clock.now();
  const dayAgo = later(now, -DAY);
  const people = await peopleNow(ctx);
  const due: PersonId[] = [];
  for (const person of people.keys()) {
    if (ctx.directory.timeZoneOf(person) !== null || rolesAt(people, person, now).size === 0) continue;
    const rows = await accountsOf(ctx, person, ctx.place);
    if (rows.some((row) => row === null || row.confirmedAt < dayAgo)) due.push(person);
    if (due.length === AT_ONCE) break;
  }
  return refreshPeople(ctx, due);
}

function accountsOf(
  { db, directory }: ZoneContext,
  person: PersonId,
  place: string | null = null,
): Promise<(AccountRow | null)[]> {
  const accounts = directory.slackOf(person).filter(({ team }) => place === null || team === place);
  return Promise.all(accounts.map((account) => findAccount(db, account)));
}
