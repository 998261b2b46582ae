import { z } from '@hono/zod-openapi';
import { ApprovalView, Digest, PersonId, Role, StatementId } from '../../domain/index.ts';
import { DigestText, Next, RunId } from './names.ts';
import { ApprovalBody } from './run.ts';

/** The id of an approval request. Anything else cannot name one, and is not looked up. */
export const RequestId = StatementId.meta({
  description: 'The approval request.',
  example: '9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
});

export const ApprovalInFullBody = ApprovalBody.extend({
  runId: RunId,
  view: ApprovalView.meta({
    description:
      'What is put to the vote, as every surface shows it. Show this to whoever decides, and nothing that comes from elsewhere.',
  }),
  viewDigest: DigestText.meta({
    description:
      'SHA-256 of the view as canonical JSON (RFC 8785): what a decision sends, and what is signed. Make it from the view that was shown.',
  }),
  openRoles: z
    .array(
      z.object({
        role: Role,
        people: z.array(PersonId).readonly(),
        delegates: z.array(z.object({ person: PersonId, onBehalfOf: PersonId })).readonly(),
      }),
    )
    .readonly()
    .openapi({
      description:
        'Roles that nobody has covered yet, each with those who hold it and could, and those who may in the place of one of them, holding it not.',
    }),
}).openapi('ApprovalInFull');

export const ApprovalListBody = z
  .object({
    approvals: z.array(ApprovalInFullBody).readonly(),
    next: Next,
  })
  .openapi('ApprovalList');

const REASON_LIMIT = 2000;

/** An answer to an approval request. */
export const DecisionWish = z.strictObject({
  decision: z.enum(['approved', 'rejected']).describe('The answer.'),
  view: Digest.describe('Digest of the view that the person was shown.'),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(REASON_LIMIT)
    .optional()
    .describe('Why: needed to reject, a comment otherwise. Kept erasable; its salted digest is signed.'),
});

export const DecisionAnswer = z
  .object({
    recorded: z.boolean().openapi({
      description: 'False where this person had given the same answer by the API before: it counts once.',
    }),
    approval: ApprovalInFullBody,
  })
  .openapi('DecisionAnswer');
export const WithdrawalAnswer = z.object({ approval: ApprovalInFullBody }).openapi('WithdrawalAnswer');
