import { z } from '@hono/zod-openapi';
import { Artifact } from '../../domain/index.ts';
import { DigestText, Time } from './names.ts';

export const FetchBody = z
  .object({
    id: z.string().openapi({ description: 'The fetch; a submission names it as `{ "fetch": … }`.' }),
    uri: z.string(),
    announced: DigestText.nullable().openapi({ description: 'What the submitter says that it is.' }),
    state: z.enum(['queued', 'running', 'fetched', 'failed']),
    bytes: z.int().openapi({ description: 'How many have come.' }),
    total: z
      .int()
      .nullable()
      .openapi({ description: 'How many there are; null where the source does not say.' }),
    artifact: Artifact.nullable(),
    failure: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .openapi({ description: 'Why the bytes were not had.' }),
    askedAt: Time,
  })
  .openapi('Fetch');
