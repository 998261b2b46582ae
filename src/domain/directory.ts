import { type RolesFromSlack, withRolesFromSlack } from './membership/index.ts';
import type { People, PersonId, Principal, Role } from './person.ts';

/** A Slack account: user ids are unique only within a team. */
export interface SlackAccount {
  readonly team: string;
  readonly user: string;
}

/** Whether a Slack channel is given by its id: names of channels are in lower case, ids are not. */
export function isChannelId(reference: string): boolean {
  return /^[CGD][A-Z0-9]{2,}$/.test(reference);
}

/** Who is behind which account, and how to reach them. Accounts are matched exactly; names and e-mails of profiles never count. */
export interface Directory {
  /** Everybody with the roles that they hold and held: by the people map, and by Slack as last adopted. */
  readonly people: People;
  /** What the people map alone says. */
  readonly peopleMap: People;
  /**
   * Begins to read what Slack has told of roles; the function takes what was read, and gives the people by it. The
   * directory keeps what the newest reading found, in whatever order readings end.
   */
  reading(): (told: RolesFromSlack) => People;
  /** The account, spelled as accounts are stored, with the person behind it, if the people map knows one. */
  principal(subject: string): Principal;
  personOfSlack(account: SlackAccount): PersonId | null;
  slackOf(person: PersonId): readonly SlackAccount[];
  /** The name to show; decoration only. */
  nameOf(person: PersonId): string;
  /** Whether a person holds every one of some roles as a backup, who is asked only when others do not answer. */
  isBackup(person: PersonId, roles: readonly Role[]): boolean;
  /** The time zone in which a person works (IANA name); null where the people map does not say. */
  timeZoneOf(person: PersonId): string | null;
}

/** Accounts are spelled `<kind>:<name>` wherever they are stored. */
export const subjectOf = {
  person: (id: string) => `person:${id}`,
  git: (email: string) => `git:${email.toLowerCase()}`,
  ci: (identity: string) => `ci:${identity}`,
  slack: ({ team, user }: SlackAccount) => `slack:${team}/${user}`,
} as const;

const GIT = subjectOf.git('');

/** One person of the people map, with their accounts. */
export interface DirectoryEntry {
  readonly id: PersonId;
  readonly name: string;
  readonly slack: readonly SlackAccount[];
  readonly git: readonly string[];
  readonly ci: readonly string[];
  /** Roles that they hold as a backup. */
  readonly backupFor?: readonly Role[];
  /** IANA name. */
  readonly timeZone?: string | null;
}

/** A directory over the people map and its accounts. */
export function createDirectory(people: People, entries: readonly DirectoryEntry[]): Directory {
  const bySubject = new Map(
    entries.flatMap((entry) => subjectsOf(entry).map((subject) => [subject, entry.id])),
  );
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const personOf = (subject: string) => bySubject.get(subject) ?? null;
  let current = people;
  let begun = 0;
  let adopted = 0;
  return {
    get people() {
      return current;
    },
    peopleMap: people,
    reading: () => {
      const turn = ++begun;
      return (told) => {
        const read = withRolesFromSlack(people, told);
        if (turn > adopted) [current, adopted] = [read, turn];
        return read;
      };
    },
    principal: (account) => {
      const subject = spelling(account);
      return { subject, person: personOf(subject) };
    },
    personOfSlack: (account) => personOf(subjectOf.slack(account)),
    slackOf: (id) => byId.get(id)?.slack ?? [],
    nameOf: (id) => byId.get(id)?.name ?? id,
    isBackup: (id, roles) => {
      const backup = byId.get(id)?.backupFor ?? [];
      return roles.length > 0 && roles.every((role) => backup.includes(role));
    },
    timeZoneOf: (id) => byId.get(id)?.timeZone ?? null,
  };
}

/** Git writes one e-mail in any case; all other accounts are what they are. */
function spelling(subject: string): string {
  return subject.startsWith(GIT) ? subjectOf.git(subject.slice(GIT.length)) : subject;
}

/** Every account of a person, as spelled where accounts are stored. */
export function subjectsOf(entry: DirectoryEntry): string[] {
  return [
    subjectOf.person(entry.id),
    ...entry.git.map(subjectOf.git),
    ...entry.ci.map(subjectOf.ci),
    ...entry.slack.map(subjectOf.slack),
  ];
}
