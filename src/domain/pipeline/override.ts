import { z } from 'zod';
import { HOUR } from '../../lib/index.ts';

/** A pipeline's `override` section. */
export const OverrideEntry = z
  .strictObject({
    allowed: z.boolean().default(true).describe('Whether anything may be overridden at all.'),
    second_person: z
      .boolean()
      .default(false)
      .describe('Whether a second `override_officer` must confirm before an override is good.'),
    max_hours: z
      .number()
      .positive()
      .max(720)
      .default(72)
      .describe('Hours for which one is good at the most.'),
    documentation_hours: z
      .number()
      .positive()
      .max(720)
      .default(72)
      .describe('Hours after which its documentation is due.'),
  })
  .prefault({})
  .describe('The way past this pipeline in an emergency. The strictest of all pipelines of a model counts.');

/** What an override may be. Times in milliseconds. */
export interface OverrideRules {
  readonly allowed: boolean;
  /** Whether a second person must confirm it before it is good. */
  readonly secondPerson: boolean;
  readonly longest: number;
  /** Time after which its documentation is due. */
  readonly documentation: number;
}

/** The rules that a section makes. */
export function overrideRulesOf(entry: z.infer<typeof OverrideEntry>): OverrideRules {
  return {
    allowed: entry.allowed,
    secondPerson: entry.second_person,
    longest: entry.max_hours * HOUR,
    documentation: entry.documentation_hours * HOUR,
  };
}
