import { z } from 'zod';

const By = z.looseObject({ person: z.string(), at: z.string() });

/** An override, and where it stands. */
export const OverrideAnswer = z.looseObject({
  id: z.string(),
  modelId: z.string(),
  modelVersion: z.string(),
  environment: z.string(),
  phase: z.string(),
  person: z.string(),
  expiresAt: z.string(),
  documentation: z.looseObject({ state: z.string(), dueAt: z.string(), given: By.nullable() }),
});
export type OverrideAnswer = z.infer<typeof OverrideAnswer>;
export const OverrideListAnswer = z.looseObject({
  overrides: z.array(OverrideAnswer),
  next: z.string().nullable(),
});
export type OverrideListAnswer = z.infer<typeof OverrideListAnswer>;
export const DocumentationAnswer = z.looseObject({ recorded: z.boolean(), override: OverrideAnswer });
export type DocumentationAnswer = z.infer<typeof DocumentationAnswer>;
