import { z } from 'zod';
import { Artifact } from '../artifact/index.ts';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelId, ModelVersion } from '../model-version.ts';
import { PersonId, Role } from '../person.ts';
import { RiskTier } from '../risk-tier.ts';
import { OnBehalfOf } from './delegation.ts';
import { StatementId } from './statement-id.ts';

/** `approval-request/v1`. */
export const ApprovalRequest = z
  .strictObject({
    runId: z.string().describe('The run.'),
    modelId: ModelId.describe('The model under whose name the artifact was submitted.'),
    modelVersion: ModelVersion.describe('Its version.'),
    artifact: Artifact.describe('The artifact that approval is asked for.'),
    record: StatementId.describe('Id of the governance record that is put to the vote.'),
    riskTier: RiskTier.describe('The tier for which approval is demanded.'),
    roles: z.array(Role).min(1).describe('Roles that distinct people must cover.'),
    view: Digest.describe('Digest of the approval view: what deciders are shown (canonical JSON).'),
    environments: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'Environments for which approval is asked: in others it does not count. `*` stands for every one, and so does their absence.',
      ),
    requestedAt: Instant.describe('When the request was made.'),
    dueAt: Instant.describe('When an answer is expected (the SLA).'),
    expiresAt: Instant.describe('When the request lapses.'),
  })
  .describe('Which people are asked to decide what, until when.');
export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

/** How sure we are that the person meant it. */
export const ASSURANCES = ['slack_click', 'slack_confirm', 'api_token'] as const;
export type Assurance = (typeof ASSURANCES)[number];

/** `approval-decision/v1`. */
export const ApprovalDecision = z
  .strictObject({
    artifact: Artifact.describe('The artifact that was decided on.'),
    target: z
      .strictObject({
        type: z.literal('approval_request').describe('What is answered.'),
        id: StatementId.describe('Id of the `approval-request/v1`.'),
      })
      .describe('What the decision answers.'),
    record: StatementId.describe('Id of the governance record that was put to the vote.'),
    person: PersonId.describe('Who decided.'),
    onBehalfOf: OnBehalfOf.optional().describe(
      'In whose place it was decided, and on which terms; absent where the person decided for themselves.',
    ),
    roles: z
      .array(Role)
      .min(1)
      .describe("Those of the request's roles that the person held then, or in whose place they decided."),
    decision: z.enum(['approved', 'rejected']).describe('The answer.'),
    reason: Digest.optional().describe(
      'Salted digest of the reason; the words themselves are kept apart and can be erased.',
    ),
    view: Digest.describe('Digest of the approval view that the person was shown.'),
    assurance: z
      .enum(ASSURANCES)
      .describe(
        'How the answer was given, and so how sure we are that it was meant: `slack_click`, a button or a form in Slack; `slack_confirm`, a form into which the end of the digest was typed; `api_token`, the interface.',
      ),
    decidedAt: Instant.describe('When it was given.'),
    expiresAt: Instant.describe('When the approval is no longer good.'),
  })
  .describe("One person's answer to one request.");
export type ApprovalDecision = z.infer<typeof ApprovalDecision>;

/** `approval-withdrawal/v1`. */
export const ApprovalWithdrawal = z
  .strictObject({
    artifact: Artifact.describe('The artifact that was decided on.'),
    request: StatementId.describe('Id of the `approval-request/v1`.'),
    decision: StatementId.describe('Id of the `approval-decision/v1` that no longer counts.'),
    person: PersonId.describe('Who withdraws it: whoever had made it, or in whose place it was made.'),
    withdrawnAt: Instant.describe('When it was withdrawn.'),
  })
  .describe('That a person takes back their answer to a request. They may answer anew.');
export type ApprovalWithdrawal = z.infer<typeof ApprovalWithdrawal>;
