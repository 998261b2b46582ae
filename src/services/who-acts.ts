import type { Directory, PersonId, SlackAccount } from '../domain/index.ts';
import { type Db, findAccount } from '../storage/index.ts';

/** Why whoever acts by a Slack account is nobody here. */
export type ActorRefusal = 'unknown_person' | 'account_barred';

/** A person who acts otherwise than by Slack: not while Slack says that an account of theirs may not. */
export async function mayAct(
  { db, directory }: { readonly db: Db; readonly directory: Directory },
  person: PersonId,
): Promise<PersonId | { readonly refusal: ActorRefusal }> {
  for (const account of directory.slackOf(person)) {
    const known = await findAccount(db, account);
    if (known !== null && known.bar !== null) return { refusal: 'account_barred' };
  }
  return person;
}

/**
 * The person who acts by a Slack account, or why it may not: the people map does not know it, or Slack has said that it
 * is deactivated, a guest's, a bot's or of another workspace.
 */
export async function whoActs(
  { db, directory }: { readonly db: Db; readonly directory: Directory },
  account: SlackAccount,
): Promise<PersonId | { readonly refusal: ActorRefusal }> {
  const person = directory.personOfSlack(account);
  if (person === null) return { refusal: 'unknown_person' };
  const known = await findAccount(db, account);
  return known !== null && known.bar !== null ? { refusal: 'account_barred' } : person;
}
