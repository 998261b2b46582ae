import { z } from '@hono/zod-openapi';
import { ASSURANCES, Outcome, PersonId, RiskTier, Role, StatementId } from '../../domain/index.ts';
import { DigestText, ModelIdText, Next, RunId, Time, VersionText } from './names.ts';
import { VerdictBody } from './verdict.ts';

const PrincipalBody = z.object({
  subject: z.string().openapi({ description: 'The account.', example: 'ci:github/acme/fraud' }),
  person: PersonId.nullable().openapi({ description: 'Who is behind it, by the people map.' }),
});

export const RunBody = z
  .object({
    id: RunId,
    modelId: ModelIdText,
    modelVersion: VersionText,
    artifact: DigestText,
    pipeline: DigestText,
    evidence: z.array(z.object({ name: z.string(), digest: z.string() })).readonly(),
    inputs: z.object({
      code: z.string().optional(),
      data: z.string().optional(),
      config: z.string().optional(),
    }),
    submitter: PrincipalBody,
    authors: z.array(PrincipalBody).readonly(),
    attempt: z.int(),
    state: z.enum(['queued', 'running', 'awaiting_approval', 'completed', 'failed']),
    currentStage: z.string().nullable(),
    riskTier: RiskTier.nullable(),
    failure: z.string().nullable().openapi({ description: 'Why the run failed, for people.' }),
    stands: z.boolean().openapi({
      description:
        'False once a newer run took its place or nobody answered: the same submission then starts another.',
    }),
    trainedAt: Time.nullable(),
    ciUrl: z.string().nullable().openapi({ description: 'Where the CI run can be seen that submitted it.' }),
    note: z.string().nullable().openapi({ description: 'Words of the submitter for those who decide.' }),
    missingBytes: z
      .string()
      .nullable()
      .openapi({ description: 'Why no check could open the artifact; null where its bytes are there.' }),
    submittedAt: Time,
    finishedAt: Time.nullable(),
  })
  .openapi('Run');

const CheckResultBody = z
  .object({
    check: z.string(),
    version: z.string(),
    outcome: Outcome,
    message: z.string(),
    problems: z
      .array(z.object({ where: z.string(), message: z.string(), remedy: z.string().optional() }))
      .readonly(),
    measurements: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string() })).readonly(),
    details: z.record(z.string(), z.unknown()),
    parameters: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'The parameters it ran with, defaults filled in.' }),
    inputs: z
      .array(z.object({ name: z.string(), digest: z.string() }))
      .readonly()
      .optional()
      .openapi({ description: 'What it could read: the artifact where it opens that, then evidence.' }),
  })
  .openapi('CheckResult');

const StageBody = z
  .object({
    name: z.string(),
    state: z.enum([...Outcome.options, 'not_evaluated', 'running']),
    results: z.array(CheckResultBody).readonly(),
  })
  .openapi('StageProgress');

export const ApprovalBody = z
  .object({
    id: StatementId,
    state: z.enum(['pending', 'approved', 'rejected', 'lapsed', 'superseded', 'withdrawn']),
    roles: z.array(Role).readonly(),
    missingRoles: z.array(Role).readonly(),
    requestedAt: Time,
    dueAt: Time,
    expiresAt: Time,
    decisions: z
      .array(
        z.object({
          person: PersonId,
          roles: z.array(Role).readonly(),
          decision: z.enum(['approved', 'rejected']),
          reason: z.string().nullable(),
          assurance: z.enum(ASSURANCES),
          decidedAt: Time,
        }),
      )
      .readonly(),
  })
  .openapi('Approval');

export const RunDescriptionBody = z
  .object({
    run: RunBody,
    stages: z.array(StageBody).readonly(),
    approval: ApprovalBody.nullable().openapi({ description: 'Null while nobody has been asked.' }),
    verdict: VerdictBody,
  })
  .openapi('RunDescription');
export const RunListBody = z.object({ runs: z.array(RunBody).readonly(), next: Next }).openapi('RunList');
export const SubmissionAnswer = z
  .object({
    run: RunBody,
    created: z.boolean().openapi({ description: 'False where an equal submission had started the run.' }),
  })
  .openapi('SubmissionAnswer');
