import type { Directory, People, TrustPolicy } from '../domain/index.ts';
import { rolesFromSlack } from '../storage/index.ts';
import type { BaseContext, TrustContext } from './context.ts';

/** Where roles are read. Within a transaction, pass its own `db`. */
type PeopleContext = Pick<BaseContext, 'db'> & { readonly directory: Directory };

/**
 * Everybody with the roles that they hold and held: those of the people map, and those of Slack's user groups as the
 * ledger's database knows them now. Read anew each time, so that no process judges by roles of a minute ago.
 */
export async function peopleNow({ db, directory }: PeopleContext): Promise<People> {
  const adopt = directory.reading();
  return adopt(await rolesFromSlack(db));
}

/** The trust policy as it is now: an offline verifier needs the roles of user groups too. */
export async function trustPolicyNow(ctx: PeopleContext & Pick<TrustContext, 'trust'>): Promise<TrustPolicy> {
  return { ...ctx.trust.policy, people: [...(await peopleNow(ctx)).values()] };
}
