import type { Directory, OpenRole, PersonId } from '../../../domain/index.ts';
import { escaped, listed, roleInWords } from '../text.ts';

/** How cards name people: a mention where they have an account in the workspace, else their name, escaped. */
export type NamePerson = (person: PersonId) => string;

/** Names people of a directory for the readers of one workspace. */
export function personNamer(directory: Directory, team: string): NamePerson {
  return (person) => {
    const account = directory.slackOf(person).find((candidate) => candidate.team === team);
    return account !== undefined && isUserId(account.user)
      ? `<@${account.user}>`
      : escaped(directory.nameOf(person), 80);
  };
}

/** A role that nobody has covered yet and who could, at most so many, in their own place or in another's. Markup. */
export function openRoleLine({ role, people, delegates }: OpenRole, nameOf: NamePerson, most = 5): string {
  const who = people.flatMap((person) => [
    nameOf(person),
    ...delegates
      .filter(({ onBehalfOf }) => onBehalfOf === person)
      .map((delegate) => `${nameOf(delegate.person)} on behalf of ${nameOf(person)}`),
  ]);
  return `⏳ *${roleInWords(role)}*: ${who.length === 0 ? 'nobody who may decide holds this role' : listed(who, most)}`;
}

/** Whether a text has the shape of a Slack user id, so that a mention of it can hold nothing else. */
function isUserId(text: string): boolean {
  return /^[UW][A-Z0-9]{1,20}$/.test(text);
}
