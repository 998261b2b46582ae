import { z } from 'zod';

/** A point in time, RFC 3339 in UTC with milliseconds (`2026-11-23T09:30:00.000Z`), so that text order is time order. */
export const Instant = z.iso.datetime({
  precision: 3,
  error: 'expected an RFC 3339 UTC time with milliseconds',
});
export type Instant = z.infer<typeof Instant>;
