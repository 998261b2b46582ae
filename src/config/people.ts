import { type DirectoryEntry, isChannelId, type Person as PolicyPerson, subjectOf } from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';
import type { ConfigFile } from './schema.ts';

/** Tells where the value at a path stands in countersign.yaml. */
export type PlaceOf = (path: readonly PropertyKey[]) => string;

/** People as policies have them, and with their accounts as the directory does. */
export function peopleFrom(entries: ConfigFile['people']): {
  readonly people: readonly PolicyPerson[];
  readonly directory: readonly DirectoryEntry[];
} {
  return {
    people: entries.map(({ id, roles, backup_for }) => ({
      id,
      roles: [...roles, ...backup_for.map((role) => ({ role }))],
    })),
    directory: entries.map(({ id, name, slack, git, ci, backup_for, time_zone }) => ({
      id,
      name,
      slack,
      git,
      ci,
      backupFor: backup_for,
      timeZone: time_zone ?? null,
    })),
  };
}

/** One account belongs to one person: else exclusions could be got round. */
export function peopleProblems({ people }: ConfigFile, placeOf: PlaceOf): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [index, person] of people.entries()) {
    for (const { subject, field, path } of accountsOf(person)) {
      const owner = owners.get(subject);
      owners.set(subject, person.id);
      if (owner === undefined) continue;
      const where = placeOf(['people', index, ...path]);
      problems.push({ where, ...claimedTwice(`people[${index}].${field}: ${subject}`, owner, person.id) });
    }
  }
  return problems;
}

type Person = ConfigFile['people'][number];

interface Account {
  /** As spelled where accounts are stored. */
  readonly subject: string;
  /** Where it stands in the person's entry, in words and as a path. */
  readonly field: string;
  readonly path: readonly PropertyKey[];
}

function accountsOf({ id, git, ci, slack }: Person): Account[] {
  const listed = (key: string, subjects: readonly string[]) =>
    subjects.map((subject, at) => ({ subject, field: `${key}[${at}]`, path: [key, at] }));
  return [
    { subject: subjectOf.person(id), field: 'id', path: ['id'] },
    ...listed('git', git.map(subjectOf.git)),
    ...listed('ci', ci.map(subjectOf.ci)),
    ...listed('slack', slack.map(subjectOf.slack)),
  ];
}

function claimedTwice(account: string, owner: string, claimant: string): Pick<Problem, 'message' | 'fix'> {
  if (owner === claimant) return { message: `${account} is there twice`, fix: 'keep one' };
  return {
    message: `${account} belongs to both ${owner} and ${claimant}`,
    fix: 'one person, one entry: put all of their accounts there',
  };
}

/**
 * Slack tells an app of a whole organisation of no user groups, nor of channels by their names: they belong to
 * workspaces. Nobody would ever hold such a role, and no card be posted.
 */
export function organisationProblems({ slack }: ConfigFile, placeOf: PlaceOf): Problem[] {
  if (slack === undefined || !slack.team.startsWith('E')) return [];
  const { user_groups: groups, approval_channel, alert_channel } = slack;
  const byGroup = {
    where: placeOf(['slack', 'user_groups']),
    message: 'slack.user_groups: an app of a whole organisation (E…) cannot look up user groups',
    fix: 'give the roles under people:, or install the app in one workspace and name that (T…)',
  };
  const channels = Object.entries({ approval_channel, alert_channel });
  const named = channels.filter(([, name]) => name !== undefined && !isChannelId(name));
  const byName = named.map(([key, name]) => ({
    where: placeOf(['slack', key]),
    message: `slack.${key}: an app of a whole organisation (E…) cannot look up the channel "${name}" by its name`,
    fix: 'give its id (C…), which Slack shows at the end of its details',
  }));
  return [...(groups.length === 0 ? [] : [byGroup]), ...byName];
}
