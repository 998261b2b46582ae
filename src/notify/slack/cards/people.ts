import type { Directory, PersonId, Role } from '../../../domain/index.ts';
import { escaped } from '../text.ts';

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

/** Who could still answer for a role that nobody has covered. */
export interface OpenRole {
  readonly role: Role;
  readonly holders: readonly PersonId[];
}

/** Whether a text has the shape of a Slack user id, so that a mention of it can hold nothing else. */
function isUserId(text: string): boolean {
  return /^[UW][A-Z0-9]{1,20}$/.test(text);
}
