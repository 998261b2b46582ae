import type { RenewalCase } from '../renewal/index.ts';
import { type Admitted, admit } from './admit.ts';
import { assessRenewals, renewalCase, type SignedReport } from './assess-renewal.ts';
import type { JudgeInput } from './judge.ts';
import { groupByRun } from './run.ts';
import type { VerdictBasis } from './verdict.ts';

/** What decides on the next renewal of a record. */
export interface RenewalGround {
  readonly record: Admitted<'governance-record/v1'>;
  /** As the statements have it now: with the reports that were signed. */
  readonly case: RenewalCase & { readonly reports: readonly SignedReport[] };
}

/** The ground of a renewal of the record that a verdict on the same input rests on; null where it rests on none. Pure. */
export function renewalGround(input: JudgeInput, basis: VerdictBasis): RenewalGround | null {
  const { runId, modelId, modelVersion, riskTier: tier, requiredStages } = basis;
  const pipeline = input.trust.pipelines.get(basis.pipeline);
  const run = groupByRun(admit(input).statements).find(
    (one) => one.runId === runId && one.modelId === modelId && one.modelVersion === modelVersion,
  );
  const record = run?.record ?? null;
  if (pipeline === undefined || run === undefined || record === null) return null;
  const subject = { run, record, pipeline, tier, requiredStages };
  return { record, case: renewalCase(subject, assessRenewals(subject), input.now, Number.POSITIVE_INFINITY) };
}
