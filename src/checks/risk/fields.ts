import { z } from 'zod';
import { ModelId, ModelVersion } from '../../domain/index.ts';
import { thinReason } from '../placeholder.ts';

/** A calendar day, `YYYY-MM-DD`, in UTC. */
export const Day = z.iso.date({ error: 'expected a day such as "2026-11-02"' });

/** The model version that a document is about. */
export const ModelReference = z
  .strictObject({
    id: ModelId.describe('The model under review.'),
    version: ModelVersion.describe('Its version.'),
  })
  .describe('What the document is about; of another model or version it counts for nothing.');

/** Words of substance: no placeholder, at least `minimum` letters or digits. */
export function prose(minimum: number) {
  return z
    .string()
    .max(5000)
    .superRefine((text, context) => {
      const reason = thinReason(text, minimum);
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
    });
}

/** The day of an instant, for comparison with days: text order is time order. */
export function dayOf(instant: string): string {
  return instant.slice(0, 'YYYY-MM-DD'.length);
}
