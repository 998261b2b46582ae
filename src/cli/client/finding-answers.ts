import { z } from 'zod';

/** A finding, and how it stands. */
export const FindingAnswer = z.looseObject({
  id: z.int(),
  kind: z.string(),
  severity: z.string(),
  state: z.string(),
  deployment: z.string(),
  environment: z.string(),
  summary: z.string(),
  remedy: z.string(),
  firedAt: z.string(),
  resolvedAt: z.string().nullable(),
  acknowledged: z.looseObject({ by: z.string().nullable(), at: z.string() }).nullable(),
  mute: z.looseObject({ until: z.string(), reason: z.string() }).nullable(),
  flapping: z.looseObject({ since: z.string() }).optional(),
});
export type FindingAnswer = z.infer<typeof FindingAnswer>;

/** How a finding stands, in words: one that comes and goes is kept open. */
export function stateText({ state, flapping }: FindingAnswer): string {
  return state === 'firing' && flapping !== undefined ? 'firing, flapping' : state;
}

export const FindingListAnswer = z.looseObject({
  findings: z.array(FindingAnswer),
  next: z.string().nullable(),
});
export type FindingListAnswer = z.infer<typeof FindingListAnswer>;
export const FindingInFullAnswer = z.looseObject({
  finding: FindingAnswer,
  steps: z.array(z.looseObject({ kind: z.string(), at: z.string(), person: z.string().nullable() })),
  deliveries: z.array(
    z.looseObject({
      receiver: z.string(),
      toldAt: z.string().nullable(),
      pending: z.boolean(),
      failure: z.string().nullable(),
    }),
  ),
});
export type FindingInFullAnswer = z.infer<typeof FindingInFullAnswer>;
