import { HOUR } from '../../lib/index.ts';
import type { OverrideRules } from '../pipeline/index.ts';
import { isTrustedPipeline, type Trust } from '../trust.ts';

/** The role that overrides. */
export const OVERRIDE_ROLE = 'override_officer';

/**
 * The rules for a model in an environment: the strictest of all pipelines that count there, so that which of them a
 * version goes through changes nothing. Nothing may be overridden where no pipeline counts, or where one that counts is
 * not at hand: it may be the one that forbids it.
 */
export function overrideRules(trust: Trust, modelId: string, environment: string): OverrideRules {
  const counting = trust.policy.pipelines
    .map(({ digest }) => digest)
    .filter((digest) => isTrustedPipeline(trust.policy, digest, modelId, environment));
  return counting
    .map((digest) => trust.pipelines.get(digest)?.override ?? NONE)
    .reduce(stricter, counting.length > 0 ? LAX : NONE);
}

const LAX: OverrideRules = {
  allowed: true,
  secondPerson: false,
  longest: 24 * 30 * HOUR,
  documentation: 24 * 30 * HOUR,
};
const NONE: OverrideRules = { ...LAX, allowed: false };

function stricter(a: OverrideRules, b: OverrideRules): OverrideRules {
  return {
    allowed: a.allowed && b.allowed,
    secondPerson: a.secondPerson || b.secondPerson,
    longest: Math.min(a.longest, b.longest),
    documentation: Math.min(a.documentation, b.documentation),
  };
}
