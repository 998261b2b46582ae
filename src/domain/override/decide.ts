import { later } from '../../lib/index.ts';
import type { Artifact } from '../artifact/index.ts';
import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import { allows, isOverridable, OVERRIDE_ROLE, type Reason, type Verdict } from '../judge/index.ts';
import type { ModelName } from '../model-version.ts';
import { type People, type PersonId, type Role, rolesAt } from '../person.ts';
import type { OverrideRules } from '../pipeline/index.ts';
import type { DocumentationRefusal, OverrideRefusal } from './refusal.ts';
import { type OverrideTerms, overrideStanding } from './standing.ts';
import { overrideViewDigest } from './view.ts';

/** What an override is about. */
export interface OverrideScope extends ModelName {
  readonly environment: string;
}

/** Who overrides what, and for how long. */
export interface OverrideCommand extends OverrideScope {
  /** Of what they were shown. */
  readonly view: Digest;
  readonly person: PersonId;
  /** Milliseconds. */
  readonly duration: number;
  readonly reason: string;
  readonly people: People;
  readonly now: Instant;
}

/** What an override is held against. */
export interface OverrideGround {
  readonly rules: OverrideRules;
  /** The bytes that go by the name; null where nothing tells. */
  readonly artifact: Artifact | null;
  /** What the policy says of them; null where there are none. */
  readonly verdict: Pick<Verdict, 'status' | 'reasons' | 'notes' | 'basis'> | null;
  /** Whether a run found the system to be of a prohibited kind. */
  readonly prohibited: boolean;
  /** Who submitted or made them. */
  readonly makers: ReadonlySet<PersonId>;
}

/** The overrides of the same model that there are, whatever their version and environment. */
export interface EarlierOverrides {
  /** Whether one of the same version and environment is good, or waits for its confirmation. */
  readonly isOpen: boolean;
  /** Whether one should have been documented by now. */
  readonly isOverdue: boolean;
}

/** An override that may be granted, on its terms. */
export interface GrantedOverride {
  readonly role: Role;
  /** What the policy says instead. */
  readonly unmet: readonly Pick<Reason, 'code' | 'message'>[];
  readonly terms: OverrideTerms;
}

/** What became of a wish. */
export type OverrideDecision =
  | { readonly ok: true; readonly override: GrantedOverride }
  | { readonly ok: false; readonly refusal: OverrideRefusal };

/** Decides on an override. */
export function decideOverride(
  command: OverrideCommand,
  ground: OverrideGround,
  earlier: EarlierOverrides,
): OverrideDecision {
  const refusal =
    objectionTo(command, ground) ??
    objectionOfEarlier(earlier) ??
    objectionToTerms(command, ground.rules) ??
    (command.view === shownOf(command, ground) ? null : 'changed_meanwhile');
  if (refusal !== null) return { ok: false, refusal };
  const { now, duration } = command;
  const { rules, verdict } = ground;
  return {
    ok: true,
    override: {
      role: OVERRIDE_ROLE,
      unmet: (verdict?.reasons ?? []).map(({ code, message }) => ({ code, message })),
      terms: {
        grantedAt: now,
        expiresAt: later(now, duration),
        documentationDueAt: later(now, rules.documentation),
        needsConfirmation: rules.secondPerson,
        confirmedAt: null,
        documentedAt: null,
      },
    },
  };
}

/** The digest of what an officer is shown of a scope as it is now; null where nothing tells which bytes it is about. */
export function shownOf(
  { modelId, modelVersion, environment }: OverrideScope,
  { artifact, verdict }: Pick<OverrideGround, 'artifact' | 'verdict'>,
): Digest | null {
  if (artifact === null || verdict === null) return null;
  const scope = { modelId, modelVersion, environment };
  return overrideViewDigest({ ...scope, artifact: artifact.digest, unmet: verdict.reasons });
}

/** Why a person may not override now, whatever the terms; null when they may. */
export function objectionTo(
  { person, people, now }: Pick<OverrideCommand, 'person' | 'people' | 'now'>,
  { rules, artifact, verdict, prohibited, makers }: OverrideGround,
): OverrideRefusal | null {
  if (!rolesAt(people, person, now).has(OVERRIDE_ROLE)) return 'no_role';
  if (makers.has(person)) return 'submitter_or_author';
  if (artifact === null || verdict === null) return 'unknown_artifact';
  if (verdict.status === 'overridden') return 'already_open';
  if (allows(verdict.status)) return 'already_governed';
  if (prohibited || !isOverridable(verdict)) return 'not_overridable';
  return rules.allowed ? null : 'not_allowed';
}

/** Why other overrides stand in the way; null when none does. */
export function objectionOfEarlier({ isOpen, isOverdue }: EarlierOverrides): OverrideRefusal | null {
  if (isOverdue) return 'undocumented';
  return isOpen ? 'already_open' : null;
}

function objectionToTerms(
  { duration, reason }: OverrideCommand,
  rules: OverrideRules,
): OverrideRefusal | null {
  if (reason.trim() === '') return 'reason_required';
  return duration > 0 && duration <= rules.longest ? null : 'too_long';
}

/** Decides on the confirmation of an override by a second person, held against the overridden bytes; null when it counts. */
export function objectionToConfirmation(
  command: Pick<OverrideCommand, 'person' | 'people' | 'now'>,
  override: OverrideTerms & { readonly person: PersonId },
  ground: OverrideGround,
  { isOverdue }: Pick<EarlierOverrides, 'isOverdue'>,
): OverrideRefusal | null {
  const { phase } = overrideStanding(override, command.now);
  if (phase !== 'waiting') return 'not_waiting';
  const refusal = objectionTo(command, ground);
  if (refusal !== null) return refusal;
  if (override.person === command.person) return 'same_person';
  return isOverdue ? 'undocumented' : null;
}

/** Why an override cannot be documented; null when it can. Anybody whom the people map knows may, who knows what happened. */
export function objectionToDocumentation(override: OverrideTerms, now: Instant): DocumentationRefusal | null {
  const { documentation } = overrideStanding(override, now);
  if (documentation === 'documented') return 'already_documented';
  return documentation === 'none' ? 'nothing_to_document' : null;
}
