import type { Instant } from '../instant.ts';
import type { PersonId, Role } from '../person.ts';
import { type AwakeHours, hoursAwake } from './awake-hours.ts';

/** Somebody who holds roles, as far as can be known of how they are reached. */
export interface Holder {
  readonly id: PersonId;
  readonly roles: readonly Role[];
  /** Why they cannot be asked, such as "has no Slack account here"; null when they can. */
  readonly unreachable: string | null;
  /** IANA name of the time zone that they live in; null where it is not known. */
  readonly timeZone: string | null;
}

/** Who can answer for a role, and when. */
export interface RoleCoverage {
  readonly role: Role;
  readonly reachable: readonly PersonId[];
  readonly unreachable: readonly { readonly person: PersonId; readonly why: string }[];
  /** Hours of the day, in UTC, in which nobody reachable is awake; people of unknown zone are taken to be asleep. */
  readonly uncoveredHours: readonly number[];
  readonly unknownZones: readonly PersonId[];
}

/** Looks at each role on the day of an instant. Nobody covers a role by being asleep. */
export function roleCoverage(
  roles: readonly Role[],
  holders: readonly Holder[],
  now: Instant,
  awake?: AwakeHours,
): RoleCoverage[] {
  return roles.map((role) => {
    const all = holders.filter((holder) => holder.roles.includes(role));
    const reachable = all.filter(({ unreachable }) => unreachable === null);
    return {
      role,
      reachable: reachable.map(({ id }) => id),
      unreachable: all.flatMap(({ id, unreachable }) =>
        unreachable === null ? [] : [{ person: id, why: unreachable }],
      ),
      uncoveredHours: uncovered(reachable, now, awake),
      unknownZones: reachable.filter(({ timeZone }) => timeZone === null).map(({ id }) => id),
    };
  });
}

function uncovered(holders: readonly Holder[], now: Instant, awake?: AwakeHours): number[] {
  const covered = new Set(
    holders.flatMap(({ timeZone }) => (timeZone === null ? [] : hoursAwake(timeZone, now, awake))),
  );
  return Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => !covered.has(hour));
}
