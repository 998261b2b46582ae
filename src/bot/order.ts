import { z } from 'zod';
import { Instant, ModelId, ModelVersion } from '../domain/index.ts';

const given = {
  account: z.object({ team: z.string(), user: z.string() }),
  channel: z.string().nullable(),
};

/** What a command has us do, as the inbox keeps it until it is done. */
export const Order = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('order.delegate'),
    ...given,
    /** The Slack user (`U…`) who was named. */
    user: z.string(),
    until: Instant,
    /** The time zone in which the time was read. */
    zone: z.string(),
    reason: z.string().nullable(),
  }),
  z.object({ type: z.literal('order.stop_delegation'), ...given }),
  z.object({
    type: z.literal('order.withdraw_request'),
    ...given,
    modelId: ModelId,
    modelVersion: ModelVersion,
  }),
]);
export type Order = z.infer<typeof Order>;

/** Whether what the inbox holds is an order. */
export function isOrder(payload: Readonly<Record<string, unknown>>): boolean {
  return typeof payload['type'] === 'string' && payload['type'].startsWith('order.');
}
