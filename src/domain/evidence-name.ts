import { z } from 'zod';

/** What a document of a submission goes by, such as `model_card`: safe in paths, tables and terminals. */
export const EvidenceName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, 'expected a name such as model_card or control.risk_management')
  .max(128);
