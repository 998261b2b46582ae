import { z } from 'zod';

/** A withdrawal as the inbox keeps it between the click and the answer. */
export const WithdrawAction = z.object({
  type: z.literal('withdraw'),
  /** Id of the decision's statement. */
  decision: z.string(),
  account: z.object({ team: z.string(), user: z.string() }),
  channel: z.string().nullable(),
});
export type WithdrawAction = z.infer<typeof WithdrawAction>;
