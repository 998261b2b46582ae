import { DAY } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { PersonId } from '../person.ts';
import type { Finding, Severity } from './finding.ts';
import type { FindingStep } from './finding-step.ts';
import { FLAPPING_IN_WORDS } from './flapping.ts';

/** A step with its time, and who took it; nobody where the monitor or the worker did. */
export type FindingEvent = FindingStep & {
  readonly id: number;
  readonly at: Instant;
  readonly person: PersonId | null;
};

/** Somebody's word that a finding is known, until a time, and why. */
export interface Mute {
  readonly by: PersonId | null;
  readonly at: Instant;
  readonly until: Instant;
  readonly reason: string;
}

/** What people have done about a finding, as of a time. */
export interface Handling {
  readonly acknowledged: { readonly by: PersonId | null; readonly at: Instant } | null;
  /** Null also once its time is over. */
  readonly mute: Mute | null;
  /** The newest run that was queued from it. */
  readonly run: { readonly runId: string; readonly at: Instant } | null;
  /** Who asked for a run of which nothing is known yet. */
  readonly runAsked: { readonly by: PersonId | null; readonly at: Instant } | null;
  /** The last level of escalation that was taken, and everybody named by the levels so far; null once it is acknowledged. */
  readonly escalated: {
    readonly level: number;
    readonly people: readonly PersonId[];
    readonly at: Instant;
  } | null;
  /** Why its traffic is not blocked though the rules would have it, and who lets it be blocked all the same. */
  readonly held: {
    readonly why: string;
    readonly allowed: { readonly by: PersonId | null; readonly at: Instant } | null;
  } | null;
  /** The severity that it had last before the one it has now, and until when; absent while that never changed. */
  readonly former?: { readonly severity: Severity; readonly until: Instant };
}

const UNTOUCHED: Handling = {
  acknowledged: null,
  mute: null,
  run: null,
  runAsked: null,
  escalated: null,
  held: null,
};

/** What the events of a finding, oldest first, amount to at a time. */
export function handlingOf(events: readonly FindingEvent[], now: Instant): Handling {
  const handling = events.reduce(evolve, UNTOUCHED);
  const isOver = handling.mute !== null && handling.mute.until <= now;
  return isOver ? { ...handling, mute: null } : handling;
}

function evolve(handling: Handling, event: FindingEvent): Handling {
  const { at, person: by } = event;
  switch (event.kind) {
    case 'acknowledged':
      return { ...handling, acknowledged: { by, at }, escalated: null };
    case 'muted':
      return { ...handling, mute: { by, at, until: event.until, reason: event.reason } };
    case 'unmuted':
    case 'mute_ended':
      return { ...handling, mute: null };
    case 'resolved':
      return { ...handling, mute: null, held: null };
    case 'changed':
      return changed(handling, event);
    case 'escalated': {
      const people = new Set([...(handling.escalated?.people ?? []), ...event.people]);
      return { ...handling, escalated: { level: event.level, people: [...people], at } };
    }
    case 'run_asked':
      return { ...handling, runAsked: { by, at } };
    case 'run_queued':
      return { ...handling, runAsked: null, run: { runId: event.runId, at } };
    case 'run_refused':
      return { ...handling, runAsked: null };
    case 'block_held':
      return { ...handling, held: { why: event.why, allowed: null } };
    case 'block_allowed':
      return handling.held === null
        ? handling
        : { ...handling, held: { ...handling.held, allowed: { by, at } } };
    case 'blocked':
      return event.dryRun ? handling : { ...handling, held: null };
    case 'fired':
    case 'released':
      return handling;
  }
}

/** Whoever knew of it, or let it be blocked, knew of something else. */
function openAgain(handling: Handling): Handling {
  const { held } = handling;
  return { ...handling, acknowledged: null, mute: null, held: held && { ...held, allowed: null } };
}

function changed(
  handling: Handling,
  { at, worse, was }: Extract<FindingEvent, { readonly kind: 'changed' }>,
): Handling {
  const open = worse ? openAgain(handling) : handling;
  return was === undefined ? open : { ...open, former: { severity: was, until: at } };
}

/**
 * What its thread tells: nothing until there is more to say than that it fires, and no change that a mute covers.
 */
export function toldEvents(events: readonly FindingEvent[]): readonly FindingEvent[] {
  const told = events.filter((event, index) => !isCovered(event, events.slice(0, index)));
  return told.every(({ kind }) => kind === 'fired') ? [] : told;
}

function isCovered(event: FindingEvent, before: readonly FindingEvent[]): boolean {
  return event.kind === 'changed' && !event.worse && handlingOf(before, event.at).mute !== null;
}

/** Whether a step is told to the whole channel and not in the thread alone: what was quiet is to be looked at again. */
export function isLoud(event: FindingEvent): boolean {
  return (
    event.kind === 'mute_ended' ||
    event.kind === 'blocked' ||
    event.kind === 'block_held' ||
    event.kind === 'escalated' ||
    (event.kind === 'changed' && event.worse)
  );
}

/** How a finding that goes on reads otherwise than before; null when in nothing that matters to people. */
export function changeOf(before: Finding, after: Finding): FindingStep | null {
  const worse = isWorse(before, after);
  if (after.flapping !== undefined && !worse) return flappingStep(before);
  const isSame =
    before.summary === after.summary &&
    before.severity === after.severity &&
    before.observed === after.observed &&
    before.expected === after.expected &&
    before.status === after.status &&
    before.expiry?.warning === after.expiry?.warning;
  const was = before.severity === after.severity ? {} : { was: before.severity };
  return isSame ? null : { kind: 'changed', summary: after.summary, worse, ...was };
}

/** What comes and goes is told to do so, and then no more until it gets worse. */
function flappingStep(before: Finding): FindingStep | null {
  return before.flapping === undefined ? { kind: 'changed', summary: FLAPPING_IN_WORDS, worse: false } : null;
}

/** It is critical by now, nearer its end by a warning, or serves bytes that nobody has looked at. */
function isWorse(before: Finding, after: Finding): boolean {
  const rose = after.severity === 'critical' && before.severity !== 'critical';
  const isNearer = (after.expiry?.warning ?? 0) < (before.expiry?.warning ?? 0);
  return rose || isNearer || (after.observed !== null && after.observed !== before.observed);
}

/** For how many milliseconds a finding can be muted at most. */
export const LONGEST_MUTE: Readonly<Record<Severity, number>> = { critical: DAY, warning: 30 * DAY };

/** Why nothing was done about a finding. */
export type HandlingRefusal =
  | 'unknown_person'
  | 'account_barred'
  | 'unknown_finding'
  | 'resolved'
  | 'already_acknowledged'
  | 'not_muted'
  | 'mute_too_long'
  | 'never_submitted'
  | 'may_not_renew'
  | 'not_held'
  | 'block_allowed'
  | 'run_asked';
