import { z } from '@hono/zod-openapi';
import { Time } from './names.ts';

const SourceBody = z
  .object({
    name: z.string(),
    lookedAt: Time.openapi({ description: 'When the newest look at it began.' }),
    seenAt: Time.nullable().openapi({ description: 'When it showed everything last; null for never.' }),
    failingSince: Time.nullable().openapi({
      description: 'The first look since then that did not; null while it shows everything.',
    }),
    problem: z
      .string()
      .nullable()
      .openapi({ description: 'What it does not show, and why; null while it shows everything.' }),
    deployments: z.int().openapi({ description: 'How many it showed when it showed something last.' }),
  })
  .openapi('Source');

export const SourceListBody = z.object({ sources: z.array(SourceBody).readonly() }).openapi('SourceList');
