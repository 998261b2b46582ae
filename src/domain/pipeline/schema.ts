import { z } from 'zod';
import { Role } from '../person.ts';
import { RISK_TIERS } from '../risk-tier.ts';

const SnakeName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'expected snake_case, at most 64 characters');
const Parameters = z.record(z.string(), z.json());
const approvable = z.enum(RISK_TIERS).exclude(['prohibited'], {
  error: 'expected high_risk, limited_risk or minimal_risk; nothing cures prohibited',
});

/** A check in a stage: its name, or its name with parameters of its own. */
const CheckEntry = z.union(
  [SnakeName, z.strictObject({ name: SnakeName, parameters: Parameters.default({}) })],
  {
    error: 'expected a check name in snake_case, or an object with name and parameters',
  },
);

/** A stage as written in `governance-pipeline.yaml`. */
const StageEntry = z.strictObject({
  name: SnakeName,
  description: z.string().max(500).optional(),
  /** Must pass for the artifact to be governed. Default true, unless `required_for_risk_tiers` is given. */
  required: z.boolean().optional(),
  /** Must pass only for artifacts of these tiers. */
  required_for_risk_tiers: z.array(approvable).min(1).optional(),
  /** A stage that did not pass halts the run. Default true. */
  blocking: z.boolean().default(true),
  checks: z.array(CheckEntry).min(1).optional(),
  /** Parameters shared by the stage's checks: each takes the keys that it knows. */
  parameters: Parameters.default({}),
  /** Makes this the human approval stage: distinct people must cover these roles. */
  approval_roles: z.array(Role).min(1).optional(),
});
export type StageEntry = z.infer<typeof StageEntry>;

/** `governance-pipeline.yaml`, the format of the pipeline file. */
export const PipelineFile = z
  .strictObject({
    /** Days for which a governance record and its approvals are good. */
    record_validity_days: z.int().min(1).max(366).default(90),
    approval: z
      .strictObject({
        /** Hours in which an answer is expected. */
        sla_hours: z
          .number()
          .positive()
          .max(24 * 30)
          .default(4),
        /** Hours after which an unanswered request lapses. */
        expires_after_hours: z
          .number()
          .positive()
          .max(24 * 90)
          .default(24 * 7),
      })
      .prefault({}),
    stages: z.array(StageEntry).min(1).max(64),
  })
  .superRefine(checkStages);
export type PipelineFile = z.infer<typeof PipelineFile>;

/** The check that establishes an artifact's risk tier. */
export const TIER_CHECK = 'risk_tier_assigned';

function checkStages(file: { stages: StageEntry[] }, context: z.RefinementCtx): void {
  const problem = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path: ['stages', ...path], message });
  for (const [index, stage] of file.stages.entries()) checkStage(stage, index, problem);
  reportRepeats(
    file.stages.map((stage, index) => [stage.name, [index, 'name']]),
    'stage',
    problem,
  );
  reportRepeats(
    file.stages.flatMap((stage, s) =>
      (stage.checks ?? []).map(
        (check, c) => [checkName(check), [s, 'checks', c]] as [string, (string | number)[]],
      ),
    ),
    'check',
    problem,
  );
  checkApprovalStage(file.stages, problem);
  checkTierIsEstablished(file.stages, problem);
}

type Report = (path: (string | number)[], message: string) => void;

function checkStage(stage: StageEntry, index: number, problem: Report): void {
  if ((stage.checks === undefined) === (stage.approval_roles === undefined)) {
    problem([index], 'expected either checks or approval_roles');
  }
  if (stage.required !== undefined && stage.required_for_risk_tiers !== undefined) {
    problem([index, 'required'], 'say either required or required_for_risk_tiers, not both');
  }
  if (new Set(stage.approval_roles).size !== (stage.approval_roles?.length ?? 0)) {
    problem([index, 'approval_roles'], 'a role is named twice');
  }
}

function reportRepeats(names: [string, (string | number)[]][], what: string, problem: Report): void {
  const seen = new Set<string>();
  for (const [name, path] of names) {
    if (seen.has(name)) problem(path, `${what} "${name}" is named twice`);
    seen.add(name);
  }
}

function checkApprovalStage(stages: StageEntry[], problem: Report): void {
  const first = stages.findIndex((stage) => stage.approval_roles !== undefined);
  if (first >= 0 && first !== stages.length - 1) {
    problem([first], 'the approval stage comes once, and last: people decide on what all checks found');
  }
}

function checkTierIsEstablished(stages: StageEntry[], problem: Report): void {
  const establishes = stages.some(
    (stage) =>
      stage.required !== false &&
      stage.required_for_risk_tiers === undefined &&
      stage.checks?.some((check) => checkName(check) === TIER_CHECK),
  );
  stages.forEach((stage, index) => {
    if (stage.required_for_risk_tiers !== undefined && !establishes) {
      problem(
        [index, 'required_for_risk_tiers'],
        `no required stage has the check ${TIER_CHECK}, so the tier would be unknown`,
      );
    }
  });
}

function checkName(entry: NonNullable<StageEntry['checks']>[number]): string {
  return typeof entry === 'string' ? entry : entry.name;
}
