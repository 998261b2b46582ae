import { z } from 'zod';

/** What a person said about a token, as the inbox keeps it between the click and the answer. */
export const TokenAction = z.object({
  type: z.literal('token'),
  tokenId: z.string(),
  isMine: z.boolean(),
  account: z.object({ team: z.string(), user: z.string() }),
  channel: z.string().nullable(),
});
export type TokenAction = z.infer<typeof TokenAction>;
