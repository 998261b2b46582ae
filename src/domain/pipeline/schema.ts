import { z } from 'zod';
import { Confirmation } from '../confirmation.ts';
import { Role } from '../person.ts';
import { RISK_TIERS } from '../risk-tier.ts';
import { checkEscalation, EscalationFields } from './escalation.ts';
import { OverrideEntry } from './override.ts';
import { RenewalEntry } from './renewal.ts';

/** How stages and checks are named. */
export const SnakeName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'expected snake_case, at most 64 characters');
/** Parameters by key; what a check's may be is the check's to say. */
export const Parameters = z.record(z.string(), z.json());
const approvable = z.enum(RISK_TIERS).exclude(['prohibited'], {
  error: 'expected high_risk, limited_risk or minimal_risk; nothing cures prohibited',
});

// Every key says what it means with `.describe`: docs/reference/pipeline.md is made from it (npm run docs).

/** A check in a stage: its name, or its name with parameters of its own. */
const CheckEntry = z.union(
  [
    SnakeName,
    z.strictObject({
      name: SnakeName.describe('Name of the check.'),
      parameters: Parameters.default({}).describe(
        "Parameters of this check alone; they come before the stage's.",
      ),
    }),
  ],
  {
    error: 'expected a check name in snake_case, or an object with name and parameters',
  },
);

/** A stage as written in `governance-pipeline.yaml`. */
const StageEntry = z.strictObject({
  name: SnakeName.describe('Name of the stage, unique in the file: snake_case, at most 64 characters.'),
  description: z.string().max(500).optional().describe('Shown to people; decides nothing.'),
  required: z
    .boolean()
    .optional()
    .describe(
      'Must pass for the artifact to be governed. True by default, unless `required_for_risk_tiers` is given.',
    ),
  required_for_risk_tiers: z
    .array(approvable)
    .min(1)
    .optional()
    .describe('Must pass only for artifacts of these tiers. Say this or `required`, not both.'),
  blocking: z.boolean().default(true).describe('A stage that did not pass halts the run.'),
  checks: z
    .array(CheckEntry)
    .min(1)
    .optional()
    .describe('The checks of the stage, in order: names, or objects with a name and parameters.'),
  parameters: Parameters.default({}).describe(
    "Parameters shared by the stage's checks: each takes the keys that it knows.",
  ),
  max_age_days: z
    .number()
    .positive()
    .max(3660)
    .optional()
    .describe(
      'Days for which evidence of this stage, from its first use on, lets a record be renewed without another run; 180 by default.',
    ),
  approval_roles: z
    .array(Role)
    .min(1)
    .optional()
    .describe(
      'Makes this the human approval stage, the last one: distinct people must cover these roles. Say this or `checks`, not both.',
    ),
});
export type StageEntry = z.infer<typeof StageEntry>;

/** `governance-pipeline.yaml`, the format of the pipeline file. */
export const PipelineFile = z
  .strictObject({
    record_validity_days: z
      .int()
      .min(1)
      .max(366)
      .default(90)
      .describe('Days for which a governance record and its approvals are good.'),
    approval: z
      .strictObject({
        sla_hours: z
          .number()
          .positive()
          .max(24 * 30)
          .default(4)
          .describe('Hours in which an answer is expected.'),
        expires_after_hours: z
          .number()
          .positive()
          .max(24 * 90)
          .default(24 * 7)
          .describe('Hours after which an unanswered request lapses.'),
        ...EscalationFields,
        confirmation: Confirmation.default('confirm').describe(
          "How an approval is confirmed in Slack: `click`, one click; `confirm`, a form that shows the digest again and takes a comment; `retype`, the form demands the digest's last six characters, and approvals in Slack without them do not count.",
        ),
        api_decisions: z
          .boolean()
          .default(true)
          .describe(
            'Whether people may decide by API and command line too, with a token that they confirmed in Slack. `false` refuses that: approvals that were given so do not count.',
          ),
      })
      .superRefine(checkEscalation)
      .prefault({})
      .describe('How approval is asked for.'),
    override: OverrideEntry,
    renewal: RenewalEntry,
    stages: z.array(StageEntry).min(1).max(64).describe('The stages, in order.'),
  })
  .superRefine(checkStages, { when: ({ value }) => hasStages(value) });
export type PipelineFile = z.infer<typeof PipelineFile>;

/** The check that establishes an artifact's risk tier. */
export const TIER_CHECK = 'risk_tier_assigned';

/** A stage with its place in the file. */
interface Placed {
  readonly stage: StageEntry;
  readonly index: number;
}

function hasStages(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'stages' in value && Array.isArray(value.stages);
}

/**
 * What no single field shows. Told together with what is wrong with fields, so it looks at those stages alone that are
 * as they should be, and says nothing of the whole until all of them are.
 */
function checkStages(file: { stages: unknown[] }, context: z.RefinementCtx): void {
  const problem: Report = (path, message) =>
    context.addIssue({ code: 'custom', path: ['stages', ...path], message });
  const stages = file.stages.flatMap((entry, index): Placed[] => {
    const { success, data } = StageEntry.safeParse(entry);
    return success ? [{ stage: data, index }] : [];
  });
  for (const { stage, index } of stages) checkStage(stage, index, problem);
  reportRepeats(
    stages.map(({ stage, index }) => [stage.name, [index, 'name']]),
    'stage',
    problem,
  );
  reportRepeats(
    stages.flatMap(({ stage, index }) =>
      (stage.checks ?? []).map((check, c): Named => [checkName(check), [index, 'checks', c]]),
    ),
    'check',
    problem,
  );
  if (stages.length < file.stages.length) return;
  checkApprovalStage(stages, problem);
  checkTierIsEstablished(stages, problem);
}

type Path = readonly (string | number)[];
/** A name and where it stands. */
type Named = readonly [string, Path];
type Report = (path: Path, message: string) => void;

function checkStage(stage: StageEntry, index: number, problem: Report): void {
  if ((stage.checks === undefined) === (stage.approval_roles === undefined)) {
    problem([index], 'expected either checks or approval_roles');
  }
  if (stage.required !== undefined && stage.required_for_risk_tiers !== undefined) {
    problem([index, 'required'], 'say either required or required_for_risk_tiers, not both');
  }
  if (stage.max_age_days !== undefined && stage.approval_roles !== undefined) {
    problem([index, 'max_age_days'], 'the approval stage rests on no evidence of its own');
  }
  if (new Set(stage.approval_roles).size !== (stage.approval_roles?.length ?? 0)) {
    problem([index, 'approval_roles'], 'a role is named twice');
  }
}

function reportRepeats(names: readonly Named[], what: string, problem: Report): void {
  const seen = new Set<string>();
  for (const [name, path] of names) {
    if (seen.has(name)) problem(path, `${what} "${name}" is named twice`);
    seen.add(name);
  }
}

function checkApprovalStage(stages: readonly Placed[], problem: Report): void {
  const first = stages.findIndex(({ stage }) => stage.approval_roles !== undefined);
  if (first >= 0 && first !== stages.length - 1) {
    problem([first], 'the approval stage comes once, and last: people decide on what all checks found');
  }
}

function checkTierIsEstablished(stages: readonly Placed[], problem: Report): void {
  if (stages.some(({ stage }) => establishesTier(stage))) return;
  for (const { stage, index } of stages) {
    if (stage.required_for_risk_tiers === undefined) continue;
    const message = `no required stage has the check ${TIER_CHECK}, so the tier would be unknown`;
    problem([index, 'required_for_risk_tiers'], message);
  }
}

function establishesTier({ required, required_for_risk_tiers, checks }: StageEntry): boolean {
  const always = required !== false && required_for_risk_tiers === undefined;
  return always && checks?.some((check) => checkName(check) === TIER_CHECK) === true;
}

function checkName(entry: NonNullable<StageEntry['checks']>[number]): string {
  return typeof entry === 'string' ? entry : entry.name;
}
