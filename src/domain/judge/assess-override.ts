import { later } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { ModelName } from '../model-version.ts';
import { type People, type PersonId, rolesAt } from '../person.ts';
import type { OverrideRules } from '../pipeline/index.ts';
import type { Trust } from '../trust.ts';
import type { Admitted } from './admit.ts';
import { OVERRIDE_ROLE, overrideRules } from './override-rules.ts';
import type { Conclusion } from './precedence.ts';
import type { RunStatements } from './run.ts';
import type { AppliedOverride, GovernanceStatus, ReasonCode, Verdict } from './verdict.ts';

type Override = Admitted<'override/v1'>;

/** By what overrides are weighed. */
export interface OverrideScale {
  readonly trust: Trust;
  readonly environment: string;
  readonly people: People;
  readonly now: Instant;
}

/** A no of people or of the law stands, whoever is in a hurry. */
const OVERRIDABLE: readonly GovernanceStatus[] = ['pending', 'failed', 'expired', 'ungoverned'];
/** Neither the law nor a ledger that does not verify is overridden. */
const NEVER: readonly ReasonCode[] = [
  'tier_prohibited',
  'view_missing',
  'view_stale',
  'view_unwitnessed',
  'ledger_doubted',
  'statement_missing',
  'statement_disputed',
  'signature_invalid',
  'unauthorised_signer',
];

/** Whether an override of what the policy says would count. */
export function isOverridable({
  status,
  reasons,
  basis,
}: Pick<Verdict, 'status' | 'reasons' | 'basis'>): boolean {
  const isBarred = basis?.riskTier === 'prohibited' || reasons.some(({ code }) => NEVER.includes(code));
  return OVERRIDABLE.includes(status) && !isBarred;
}

/**
 * What a name amounts to once its override is counted, if one is good now: what the policy says instead becomes notes.
 * Rejections, revocations and prohibited systems are never overridden.
 */
export function overrideIn(
  conclusion: Conclusion,
  name: ModelName,
  runs: readonly RunStatements[],
  overrides: readonly Override[],
  scale: OverrideScale,
): Conclusion {
  if (!isOverridable(conclusion)) return conclusion;
  const override = standingOverride(name, makersIn(runs), overrides, scale);
  if (override === null) return conclusion;
  const notes = [...conclusion.notes, ...conclusion.reasons];
  return { ...conclusion, status: 'overridden', reasons: [], notes, conclusive: true, override };
}

/** The override of a name that is good now, the one that lasts longest; null without any. */
function standingOverride(
  { modelId, modelVersion }: ModelName,
  makers: ReadonlySet<PersonId>,
  overrides: readonly Override[],
  scale: OverrideScale,
): AppliedOverride | null {
  const rules = overrideRules(scale.trust, modelId, scale.environment);
  if (!rules.allowed) return null;
  const scoped = overrides.filter(
    ({ body, entry }) =>
      body.modelId === modelId &&
      body.modelVersion === modelVersion &&
      body.environment === scale.environment &&
      !makers.has(body.person) &&
      rolesAt(scale.people, body.person, entry.recordedAt).has(OVERRIDE_ROLE),
  );
  const standing = scoped.flatMap((override) => {
    const until = endOf(override, rules);
    const isGood = scale.now < until && isConfirmed(override, until, scoped, rules);
    return override.body.confirms === undefined && isGood
      ? [{ statement: override.id, person: override.body.person, until }]
      : [];
  });
  return standing.sort((a, b) => (a.until < b.until ? 1 : -1))[0] ?? null;
}

/** No override lasts longer than the rules allow, whatever it says of itself: the ledger's time counts. */
function endOf({ body, entry }: Override, { longest }: OverrideRules): Instant {
  const latest = later(entry.recordedAt, longest);
  return [body.expiresAt, latest].sort()[0] ?? latest;
}

function isConfirmed(
  { id, body }: Override,
  until: Instant,
  scoped: readonly Override[],
  { secondPerson }: OverrideRules,
): boolean {
  if (!secondPerson) return true;
  return scoped.some(
    (other) =>
      other.body.confirms === id && other.body.person !== body.person && other.entry.recordedAt < until,
  );
}

/** Whoever made or submitted the artifact lets nothing pass, here either. */
function makersIn(runs: readonly RunStatements[]): ReadonlySet<PersonId> {
  const principals = runs.flatMap(({ record }) =>
    record === null ? [] : [record.body.submitter, ...record.body.authors],
  );
  return new Set(principals.flatMap(({ person }) => (person === null ? [] : [person])));
}
