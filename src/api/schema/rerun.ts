import { z } from '@hono/zod-openapi';
import { ModelIdText, RunId, Time, VersionText } from './names.ts';

const NAME = { modelId: ModelIdText, modelVersion: VersionText };

export const RerunReportBody = z
  .object({
    check: z.string(),
    version: z.string().openapi({ description: 'The version of the check with which they run.' }),
    since: Time,
    dryRun: z.boolean(),
    queued: z
      .array(
        z.object({
          ...NAME,
          runId: RunId.nullable().openapi({ description: 'The new run; null where nothing was queued.' }),
          ofRun: RunId.openapi({ description: 'The run in whose place it comes.' }),
        }),
      )
      .readonly(),
    skipped: z
      .array(z.object({ ...NAME, ofRun: RunId, reason: z.string() }))
      .readonly()
      .openapi({ description: 'What relied on the check and is not queued, each with the reason.' }),
  })
  .openapi('RerunReport', { description: 'What is run again because a check was wrong.' });
