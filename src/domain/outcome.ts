import { z } from 'zod';
import { Digest } from './digest.ts';

/** What a check found. Only `passed` is positive; `not_applicable` counts only where a rule in the pipeline says so. */
export const OUTCOMES = ['passed', 'failed', 'insufficient_evidence', 'not_applicable', 'errored'] as const;
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

/** A number that a check computed. `unit` is `ratio`, `count`, `percent`, `seconds`, …; `1` for a bare number. */
export const Measurement = z.strictObject({ name: z.string(), value: z.number(), unit: z.string() });
export type Measurement = z.infer<typeof Measurement>;

/** One thing that a check holds against the evidence: file, field, value, threshold and remedy in one sentence. */
export const CheckProblem = z.strictObject({
  /** Evidence name and place in it, such as `model_card: components[0].modelCard.considerations`. */
  where: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
});
export type CheckProblem = z.infer<typeof CheckProblem>;

/** What one check reports. Same inputs, parameters and time give the same bytes. */
export const CheckReport = z.strictObject({
  outcome: Outcome,
  /** One sentence for a person: what was found, with the numbers that decided. */
  message: z.string(),
  problems: z.array(CheckProblem),
  measurements: z.array(Measurement),
  /** Tables and other detail for the evidence, JSON only. */
  details: z.record(z.string(), z.json()),
});
export type CheckReport = z.infer<typeof CheckReport>;

/** A check's report with the identity of what made it. */
export const CheckResult = CheckReport.extend({
  check: z.string(),
  version: z.string(),
  /** The parameters it ran with, defaults filled in. */
  parameters: z.record(z.string(), z.json()).optional(),
  /** What it could read, by digest: `artifact` where it opens that, then evidence by name. */
  inputs: z.array(z.strictObject({ name: z.string(), digest: Digest })).optional(),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** What a stage amounts to: its worst check. `not_applicable` only when every check is. */
export function stageOutcome(outcomes: readonly Outcome[]): Outcome {
  const worstFirst: readonly Outcome[] = [
    'errored',
    'failed',
    'insufficient_evidence',
    'passed',
    'not_applicable',
  ];
  return worstFirst.find((outcome) => outcomes.includes(outcome)) ?? 'insufficient_evidence';
}
