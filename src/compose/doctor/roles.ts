import type { Examined } from '../../cli/index.ts';
import type { Config } from '../../config/index.ts';
import {
  type Holder,
  hourSpans,
  type Instant,
  OVERRIDE_ROLE,
  peopleOf,
  type Role,
  type RoleCoverage,
  roleCoverage,
  rolesAt,
} from '../../domain/index.ts';
import type { SlackInspector, SlackMember } from '../../notify/index.ts';
import { about } from './examined.ts';
import { why } from './why.ts';

const { ok, warning, problem } = about('roles');

/** Looks at who could answer for each role that a registered pipeline asks for, and at which hours nobody could. */
export async function examineRoles(
  config: Config,
  inspector: SlackInspector | null,
  now: Instant,
): Promise<Examined[]> {
  const officers = officersNeeded(config);
  const roles = [...rolesAsked(config), ...(officers > 0 ? [OVERRIDE_ROLE] : [])];
  if (roles.length === 0) return [ok('no registered pipeline asks people')];
  const holders = await holdersOf(config, inspector, now);
  const coverage = roleCoverage(roles, holders, now);
  const groups = inspector === null ? [] : await examineGroups(config, inspector);
  return [
    ...groups,
    ...coverage.flatMap((role) => [
      ...(role.role === OVERRIDE_ROLE ? officersFor(role, officers) : peopleFor(role)),
      ...(inspector === null ? [] : hoursFor(role)),
    ]),
  ];
}

/** Groups of which Slack does not say who is in them, or nobody of the people map is. */
async function examineGroups({ slack, directory }: Config, inspector: SlackInspector): Promise<Examined[]> {
  const known = new Set(directory.flatMap((entry) => entry.slack.map(({ user }) => user)));
  const groups = [...new Set((slack?.userGroups ?? []).map(({ group }) => group))];
  const examined = groups.map(async (group) => {
    const users = await inspector.membersOf(group).catch(why);
    if (typeof users === 'string')
      return [problem(`Slack does not say who is in user group ${group}: ${users}`, GROUP_FIX)];
    if (users.some((user) => known.has(user))) return [];
    return [warning(`nobody in user group ${group} is under people:, so it gives nobody a role`, MAP_FIX)];
  });
  return (await Promise.all(examined)).flat();
}

const GROUP_FIX =
  'give the app the scopes of its manifest and install it again; user groups need a paid plan';
const MAP_FIX = "add the members' Slack accounts under people:, or name another group in slack.user_groups";

function rolesAsked({ pipelines }: Config): Role[] {
  const stages = pipelines.flatMap(({ pipeline }) => pipeline.stages);
  return [...new Set(stages.flatMap((stage) => (stage.kind === 'approval' ? stage.roles : [])))].sort();
}

/** How many people an override takes: one, two where a pipeline wants a second person, none where all forbid it. */
function officersNeeded({ pipelines }: Config): number {
  const allowing = pipelines.map(({ pipeline }) => pipeline.override).filter(({ allowed }) => allowed);
  return Math.max(0, ...allowing.map(({ secondPerson }) => (secondPerson ? 2 : 1)));
}

async function holdersOf(config: Config, inspector: SlackInspector | null, now: Instant): Promise<Holder[]> {
  const people = peopleOf(config.people);
  const team = config.slack?.team;
  const byUser = await rolesOfGroups(config, inspector);
  return Promise.all(
    config.directory.map(async ({ id, slack, timeZone = null }) => {
      const ofGroups = slack.filter((own) => own.team === team).flatMap(({ user }) => byUser.get(user) ?? []);
      const roles = [...new Set([...rolesAt(people, id, now), ...ofGroups])];
      const account = slack.find((candidate) => candidate.team === team);
      if (team === undefined || inspector === null)
        return { id, roles, unreachable: slack.length === 0 ? NO_ACCOUNT : null, timeZone: null };
      if (account === undefined) return { id, roles, unreachable: NO_ACCOUNT, timeZone: null };
      if (roles.length === 0) return { id, roles, unreachable: null, timeZone: null };
      const member = await inspector.member(account.user).catch(why);
      if (typeof member === 'string') return { id, roles, unreachable: member, timeZone: null };
      return { id, roles, unreachable: barTo(member), timeZone: timeZone ?? member.timeZone };
    }),
  );
}

/** Roles by member id, of the user groups that Slack tells of. */
async function rolesOfGroups(
  { slack }: Config,
  inspector: SlackInspector | null,
): Promise<ReadonlyMap<string, readonly Role[]>> {
  const byUser = new Map<string, Role[]>();
  if (inspector === null) return byUser;
  for (const { group, role } of slack?.userGroups ?? []) {
    const users = await inspector.membersOf(group).catch(() => []);
    for (const user of users) byUser.set(user, [...(byUser.get(user) ?? []), role]);
  }
  return byUser;
}

const NO_ACCOUNT = 'has no Slack account in people:';

function barTo({ deactivated, guest, bot }: SlackMember): string | null {
  if (deactivated) return 'their Slack account is deactivated';
  if (guest) return 'they are a guest in Slack';
  return bot ? 'their Slack account is a bot' : null;
}

function peopleFor(coverage: RoleCoverage): Examined[] {
  const { role, reachable } = coverage;
  const { names, besides, fix } = inWords(coverage);
  if (reachable.length === 0)
    return [
      problem(`nobody can answer as ${role}${besides}: every request that asks for it would lapse`, fix),
    ];
  if (reachable.length === 1)
    return [warning(`${names} alone can answer as ${role}${besides}: nobody stands in for them`, fix)];
  return [ok(`${reachable.length} people can answer as ${role}: ${names}${besides}`)];
}

/** The way out of an emergency is there on the day it is needed, or whoever runs this knows before. */
function officersFor(coverage: RoleCoverage, needed: number): Examined[] {
  const { role, reachable } = coverage;
  const { names, besides, fix } = inWords(coverage);
  const forbid = `${fix}, or forbid overrides in the pipelines: override: { allowed: false }`;
  if (reachable.length === 0)
    return [warning(`nobody can override as ${role}${besides}, though pipelines allow it`, forbid)];
  if (reachable.length < needed)
    return [
      problem(
        `${names} alone can override as ${role}${besides}, and a pipeline wants a second person: no override would be confirmed`,
        forbid,
      ),
    ];
  if (reachable.length === 1)
    return [warning(`${names} alone can override as ${role}${besides}: nobody stands in for them`, fix)];
  return [ok(`${reachable.length} people can override as ${role}: ${names}${besides}`)];
}

function inWords({ role, reachable, unreachable }: RoleCoverage) {
  const lost = unreachable.map(({ person, why: reason }) => `${person} (${reason})`).join(', ');
  return {
    names: reachable.join(', '),
    besides: lost === '' ? '' : `; not ${lost}`,
    fix: `give ${role} to another person under people:, with their Slack account`,
  };
}

function hoursFor({ role, reachable, uncoveredHours, unknownZones }: RoleCoverage): Examined[] {
  if (reachable.length === 0) return [];
  const unknown = unknownZones.length === 0 ? '' : ` (time zone of ${unknownZones.join(', ')} not known)`;
  if (uncoveredHours.length === 0) return [ok(`somebody who holds ${role} is awake at every hour${unknown}`)];
  return [
    warning(
      `from ${hourSpans(uncoveredHours)} UTC nobody who holds ${role} is awake${unknown}`,
      `give ${role} to somebody in another time zone, or accept that requests of those hours wait`,
    ),
  ];
}
