import { z } from 'zod';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelVersion } from '../model-version.ts';
import { type CheckResult, Outcome } from '../outcome.ts';
import { RiskTier } from '../risk-tier.ts';
import { type Inputs, StatementId } from '../statement/index.ts';
import { changedOutcomes, movedMeasurements } from './check-changes.ts';

const INPUTS = ['code', 'data', 'config'] as const;

/** A value before and after; null where there was none. */
const changeOf = <T extends z.ZodType>(value: T) =>
  z.strictObject({ before: value.nullable(), after: value.nullable() });

/**
 * What changed since the last governed version of a model: data, so that it is part of what deciders are shown and sign.
 * But for the inputs, what did not change is not in it.
 */
export const Changes = z.strictObject({
  /** The version that this one is held against. */
  since: z.strictObject({
    modelVersion: ModelVersion,
    record: StatementId,
    artifact: Digest,
    pipeline: Digest,
    riskTier: RiskTier,
    issuedAt: Instant,
  }),
  /** What CI reported that the model was made from, all of it: what it did not report is not known to be the same. */
  inputs: z.array(changeOf(Digest).extend({ name: z.enum(INPUTS) })),
  /** Evidence that was given now or then under a name, where its bytes differ. */
  evidence: z.array(changeOf(Digest).extend({ name: z.string() })),
  outcomes: z.array(changeOf(Outcome).extend({ check: z.string() })),
  measurements: z.array(
    changeOf(z.number()).extend({ check: z.string(), name: z.string(), unit: z.string() }),
  ),
});
export type Changes = z.infer<typeof Changes>;

/** What of a run is held against another one. */
export interface ComparedRun {
  readonly inputs: Inputs;
  readonly evidence: readonly { readonly name: string; readonly digest: string }[];
  /** What its checks found, in order. */
  readonly results: readonly CheckResult[];
}

/** Holds a run against the one of the last governed version. Pure: equal runs give equal changes, in one order. */
export function changesSince(since: Changes['since'], before: ComparedRun, after: ComparedRun): Changes {
  return {
    since,
    inputs: INPUTS.map((name) => ({
      name,
      before: before.inputs[name] ?? null,
      after: after.inputs[name] ?? null,
    })),
    evidence: changedEvidence(before.evidence, after.evidence),
    outcomes: changedOutcomes(before.results, after.results),
    measurements: movedMeasurements(before.results, after.results),
  };
}

function changedEvidence(
  before: ComparedRun['evidence'],
  after: ComparedRun['evidence'],
): Changes['evidence'] {
  const [was, is] = [before, after].map((items) => new Map(items.map((item) => [item.name, item.digest])));
  const names = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].sort();
  return names.flatMap((name) => {
    const change = { before: was?.get(name) ?? null, after: is?.get(name) ?? null };
    return change.before === change.after ? [] : [{ name, ...change } as Changes['evidence'][number]];
  });
}
