import { later } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { PersonId } from '../person.ts';
import { addWorkingTime, type WorkingHours } from './working-hours.ts';

/** Whom a level of escalation brings in besides those who were asked before. */
export interface EscalationLevel {
  /** Multiples of the time for an answer, since the request: 1 is when it was due. */
  readonly after: number;
  /** People who hold a role as a backup. */
  readonly backups: boolean;
  readonly people: readonly PersonId[];
  /** Channel, by id or name, that is told; null for none. */
  readonly channel: string | null;
}

/** How people are reminded, and who comes in when they do not answer. */
export interface EscalationPolicy {
  /** Hours in which time passes; null where it always does. */
  readonly workingHours: WorkingHours | null;
  /** Fractions of the time for an answer. */
  readonly reminders: readonly number[];
  readonly levels: readonly EscalationLevel[];
  /** Hours, on their own clocks, outside of which nobody is asked; null where people are asked at any time. */
  readonly askingHours: WorkingHours | null;
}

/** The instant at which a time, in milliseconds, has passed since another, by the clock of the policy. */
export function passing(since: Instant, milliseconds: number, { workingHours }: EscalationPolicy): Instant {
  return workingHours === null
    ? later(since, milliseconds)
    : addWorkingTime(since, milliseconds, workingHours);
}
