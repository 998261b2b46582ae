import { z } from '@hono/zod-openapi';
import { Digest, ModelId, ModelVersion } from '../../domain/index.ts';
import { readMoment } from '../../lib/index.ts';

// Schemas made outside src/api may be older than zod-openapi and so lack `.openapi`: describe them with zod's `.meta`.

/** A digest, documented. */
export const DigestText = Digest.meta({
  description: 'SHA-256 of some bytes.',
  example: 'sha256:9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
});
/** A model's name, documented. */
export const ModelIdText = ModelId.meta({ description: 'The model.', example: 'fraud-detection' });
/** A model's version, documented. */
export const VersionText = ModelVersion.meta({ description: "The model's version.", example: '4.1.2' });
/** A run's id. Anything else cannot name a run, and is not looked up. */
export const RunId = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, 'expected the id of a run')
  .openapi({ description: 'The run.', example: '5f0c1f9e-8f5b-4a39-9a4b-2e1f7d0c4f55' });
/** A point in time, documented. */
export const Time = z
  .string()
  .openapi({ description: 'RFC 3339, UTC, milliseconds.', example: '2026-11-23T09:30:00.000Z' });

/** A point in time that is asked about. */
export const MomentText = z
  .string()
  .transform((text, context) => {
    const moment = readMoment(text);
    if (moment === null)
      context.addIssue({ code: 'custom', message: 'expected 2026-08-01, or 2026-08-01T10:00:00Z' });
    return moment ?? z.NEVER;
  })
  .openapi({
    description: 'RFC 3339 with an offset, or a date: its beginning in UTC.',
    example: '2026-08-01T10:00:00Z',
  });

/** An environment of the configuration. */
export function knownEnvironment(known: readonly string[]) {
  return z
    .enum(known as [string, ...string[]], {
      error: `expected one of ${known.join(', ')} (environments: in countersign.yaml)`,
    })
    .openapi({ description: 'The environment that is asked about.', example: known[0] ?? 'production' });
}

/** An environment of the configuration; the first where a request names none. */
export function environmentQuery(known: readonly string[]) {
  return knownEnvironment(known).default(known[0] ?? 'production');
}

/** How many items a list may have. */
/** Where a list goes on. */
export const Next = z
  .string()
  .nullable()
  .openapi({ description: 'The `after` of the page that follows; null on the last one.' });
export const Limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(500)
  .default(50)
  .openapi({ description: 'How many at most, newest first.', example: 50 });
