import { z } from 'zod';
import { ApprovalView, Digest } from '../../domain/index.ts';

/** A request for approval with what is put to the vote. */
export const ApprovalInFullAnswer = z.looseObject({
  id: z.string(),
  state: z.enum(['pending', 'approved', 'rejected', 'lapsed', 'superseded', 'withdrawn']),
  view: ApprovalView,
  viewDigest: Digest,
  openRoles: z.array(
    z.looseObject({
      role: z.string(),
      people: z.array(z.string()),
      delegates: z.array(z.looseObject({ person: z.string(), onBehalfOf: z.string() })),
    }),
  ),
});
export type ApprovalInFullAnswer = z.infer<typeof ApprovalInFullAnswer>;
export const ApprovalListAnswer = z.looseObject({
  approvals: z.array(ApprovalInFullAnswer),
  next: z.string().nullable(),
});
export type ApprovalListAnswer = z.infer<typeof ApprovalListAnswer>;
export const WithdrawalAnswer = z.looseObject({ approval: ApprovalInFullAnswer });
export type WithdrawalAnswer = z.infer<typeof WithdrawalAnswer>;
export const DecisionAnswer = z.looseObject({ recorded: z.boolean(), approval: ApprovalInFullAnswer });
export type DecisionAnswer = z.infer<typeof DecisionAnswer>;
