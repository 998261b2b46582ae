import { later } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { Severity } from '../monitoring/finding.ts';
import { type FindingEvent, handlingOf } from '../monitoring/handling.ts';
import type { AlertLevel, AlertPolicy } from './policy.ts';

/** A level among those of its severity. */
export interface RankedLevel extends AlertLevel {
  /** From 1, the first one first. */
  readonly level: number;
}

/** A level that is due for a finding, and since when nobody has answered. */
export interface DueLevel extends RankedLevel {
  readonly since: Instant;
}

/** The levels, each with its place among those of its severity. */
export function rankedLevels({ levels }: Pick<AlertPolicy, 'levels'>): readonly RankedLevel[] {
  const bySeverity = Map.groupBy(
    levels.toSorted((a, b) => a.after - b.after),
    ({ severity }) => severity,
  );
  return [...bySeverity.values()].flatMap((ranked) =>
    ranked.map((level, index) => ({ ...level, level: index + 1 })),
  );
}

/**
 * The levels that are due and were not taken yet, the first one first; none while somebody has acknowledged the finding
 * or muted it. All of it follows from stored times: after an outage each level is taken once.
 *
 * @param events of a finding that fires, oldest first
 */
export function dueLevels(
  policy: Pick<AlertPolicy, 'levels'>,
  { severity, firedAt }: { readonly severity: Severity; readonly firedAt: Instant },
  events: readonly FindingEvent[],
  now: Instant,
): readonly DueLevel[] {
  const { acknowledged, mute } = handlingOf(events, now);
  if (acknowledged !== null || mute !== null) return [];
  const since = events.findLast(startsAnew)?.at ?? firedAt;
  const taken = events
    .filter((event) => event.kind === 'escalated' && event.at >= since)
    .map((event) => (event.kind === 'escalated' ? event.level : 0));
  return rankedLevels(policy)
    .filter((level) => level.severity === severity)
    .map((level) => ({ ...level, since }))
    .filter(({ level, after }) => level > Math.max(0, ...taken) && later(since, after) <= now);
}

/** From when on it is open again whether anybody knows: nobody has answered for what it is now. */
function startsAnew(event: FindingEvent): boolean {
  return event.kind === 'mute_ended' || event.kind === 'unmuted' || (event.kind === 'changed' && event.worse);
}
