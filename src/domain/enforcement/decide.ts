import { HOUR, later } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { Finding, FindingKind } from '../monitoring/finding.ts';
import type { PersonId } from '../person.ts';
import { isAmong } from '../trust.ts';

/** Findings about bytes that serve traffic and may not. About others there is nothing to block. */
export const ENFORCEABLE_KINDS = [
  'missing_record',
  'hash_mismatch',
  'approval_expired',
  'signature_invalid',
] as const satisfies readonly FindingKind[];

/** What of deployments is blocked. */
export interface EnforcementPolicy {
  readonly mode: 'off' | 'dry_run' | 'on';
  readonly rules: readonly {
    readonly environments: readonly string[];
    readonly kinds: readonly (typeof ENFORCEABLE_KINDS)[number][];
  }[];
  /** Deployments that are blocked at once, at most: beyond that a person decides. */
  readonly mostAtOnce: number;
  readonly mostPerHour: number;
}

/** A deployment whose traffic is blocked. */
export interface StandingBlock {
  readonly deployment: string;
  readonly dryRun: boolean;
}

/** What enforcing rests on. */
export interface EnforcementCase {
  /** What fires, oldest first. A mute quiets people's messages and changes nothing here. */
  readonly firing: readonly { readonly id: number; readonly finding: Finding }[];
  /** Deployments that are blocked now. */
  readonly standing: readonly StandingBlock[];
  /** When deployments were blocked lately, dry runs left out. */
  readonly blockedAt: readonly Instant[];
  /** Who lets a deployment be blocked beyond the limits, by the finding. */
  readonly allowed: ReadonlyMap<number, PersonId>;
  readonly now: Instant;
}

/** What is to be done, and what is not though the rules would have it. */
export interface EnforcementPlan {
  readonly block: readonly {
    readonly id: number;
    readonly finding: Finding;
    /** Who let it be blocked beyond the limits; null where they allow it. */
    readonly allowedBy: PersonId | null;
  }[];
  /** Beyond the limits: a person has to decide. */
  readonly held: readonly { readonly id: number; readonly why: string }[];
  /** Deployments for which nothing fires any more that would have them blocked. */
  readonly release: readonly string[];
}

/**
 * Each block and each end of a dry run is signed and appended within one transaction. What is more than this waits for the
 * next round.
 */
export const MOST_IN_A_ROUND = 100;

/**
 * Decides which deployments are blocked and which are let through again. A deployment is blocked once, whatever else is
 * found of it; in a dry run no limit holds but that of a round, for nothing happens. What a person lets go is blocked beyond
 * the limits, and counts. Pure.
 */
export function planEnforcement(policy: EnforcementPolicy, facts: EnforcementCase): EnforcementPlan {
  const taken = facts.firing.filter(({ finding }) => isTaken(policy, finding));
  // What was blocked in a dry run is blocked anew, in earnest.
  const isOver = ({ dryRun }: StandingBlock) => dryRun && policy.mode === 'on';
  const fresh = firstOfEach(
    taken,
    new Set(facts.standing.flatMap((one) => (isOver(one) ? [] : one.deployment))),
  );
  const letGo = fresh.filter(({ id }) => facts.allowed.has(id));
  const others = fresh.filter(({ id }) => !facts.allowed.has(id));
  const room = roomLeft(policy, facts);
  const count = Math.max(0, room.count - letGo.length);
  const block = [...letGo, ...others.slice(0, count)]
    .slice(0, MOST_IN_A_ROUND)
    .map((one) => ({ ...one, allowedBy: facts.allowed.get(one.id) ?? null }));
  const wanted = new Set(taken.map(({ finding }) => finding.deployment));
  const ending = facts.standing.filter((one) => !wanted.has(one.deployment) || isOver(one));
  return {
    block,
    held: others.slice(count).map(({ id }) => ({ id, why: room.why })),
    release: releasedNow(ending, block),
  };
}

/** Of each deployment its first finding, but of those that are passed over. */
function firstOfEach(
  taken: EnforcementCase['firing'],
  passedOver: ReadonlySet<string>,
): EnforcementCase['firing'] {
  const first = new Map<string, EnforcementCase['firing'][number]>();
  for (const one of taken) {
    const { deployment } = one.finding;
    if (!passedOver.has(deployment) && !first.has(deployment)) first.set(deployment, one);
  }
  return [...first.values()];
}

/** Traffic is let through at once; of dry runs those first that are blocked in earnest now. */
function releasedNow(ending: readonly StandingBlock[], block: EnforcementPlan['block']): string[] {
  const blocked = new Set(block.map(({ finding }) => finding.deployment));
  const { now = [], later = [] } = Object.groupBy(ending, ({ deployment, dryRun }) =>
    !dryRun || blocked.has(deployment) ? 'now' : 'later',
  );
  return [...now, ...later.slice(0, MOST_IN_A_ROUND)].map(({ deployment }) => deployment);
}

function isTaken({ mode, rules }: EnforcementPolicy, finding: Finding): boolean {
  if (mode === 'off' || finding.observed === null) return false;
  return rules.some(
    ({ environments, kinds }) =>
      isAmong(environments, finding.environment) && (kinds as readonly string[]).includes(finding.kind),
  );
}

function roomLeft(
  { mode, mostAtOnce, mostPerHour }: EnforcementPolicy,
  { standing, blockedAt, now }: EnforcementCase,
): { readonly count: number; readonly why: string } {
  if (mode !== 'on') return { count: Number.POSITIVE_INFINITY, why: '' };
  const atOnce = mostAtOnce - standing.filter(({ dryRun }) => !dryRun).length;
  const lately = mostPerHour - blockedAt.filter((at) => at > later(now, -HOUR)).length;
  const why =
    atOnce <= lately
      ? `${mostAtOnce} deployments are blocked already (enforcement.most_at_once)`
      : `${mostPerHour} deployments were blocked within an hour (enforcement.most_per_hour)`;
  return { count: Math.max(0, Math.min(atOnce, lately)), why };
}
