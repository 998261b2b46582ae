import { HOUR, later } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { Finding, FindingKind } from '../monitoring/finding.ts';
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
  readonly now: Instant;
}

/** What is to be done, and what is not though the rules would have it. */
export interface EnforcementPlan {
  readonly block: readonly { readonly id: number; readonly finding: Finding }[];
  /** Beyond the limits: a person has to decide. */
  readonly held: readonly { readonly id: number; readonly why: string }[];
  /** Deployments for which nothing fires any more that would have them blocked. */
  readonly release: readonly string[];
}

/**
 * Decides which deployments are blocked and which are let through again. A deployment is blocked once, whatever else is
 * found of it; in a dry run no limit holds, for nothing happens. Pure.
 */
export function planEnforcement(policy: EnforcementPolicy, facts: EnforcementCase): EnforcementPlan {
  const taken = facts.firing.filter(({ finding }) => isTaken(policy, finding));
  const wanted = new Set(taken.map(({ finding }) => finding.deployment));
  // What was blocked in a dry run is blocked anew, in earnest.
  const stands = facts.standing.filter(({ dryRun }) => !dryRun || policy.mode !== 'on');
  const standing = new Set(stands.map(({ deployment }) => deployment));
  const fresh = taken.filter(
    ({ finding }, index) =>
      !standing.has(finding.deployment) &&
      taken.findIndex((other) => other.finding.deployment === finding.deployment) === index,
  );
  const room = roomLeft(policy, facts);
  return {
    block: fresh.slice(0, room.count),
    held: fresh.slice(room.count).map(({ id }) => ({ id, why: room.why })),
    release: facts.standing
      .filter((one) => !wanted.has(one.deployment) || !stands.includes(one))
      .map(({ deployment }) => deployment),
  };
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
