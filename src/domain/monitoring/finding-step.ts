import { z } from 'zod';
import { Instant } from '../instant.ts';

const plain = z.enum([
  'fired',
  'acknowledged',
  'unmuted',
  'mute_ended',
  'run_asked',
  'block_allowed',
  'resolved',
]);

/**
 * One thing that happened to a finding: `mute_ended` that the time of a mute was over while it still fired, `run_asked` that
 * somebody asked for the pipeline to be run again, `block_allowed` that somebody let its traffic be blocked beyond the limits.
 */
export const FindingStep = z
  .discriminatedUnion('kind', [
    z.object({ kind: plain }),
    // When it got worse it is nobody's word any more that it is known.
    z.object({
      kind: z.literal('changed'),
      summary: z.string(),
      worse: z.boolean(),
      was: z
        .enum(['critical', 'warning'])
        .exactOptional()
        .describe('Its severity before, where that is another one now.'),
    }),
    z.object({ kind: z.literal('muted'), until: Instant, reason: z.string() }),
    // Nobody had acknowledged it in time: others were told, the people among them by name.
    z.object({
      kind: z.literal('escalated'),
      level: z.int(),
      to: z.array(z.string()).readonly(),
      people: z.array(z.string()).readonly(),
    }),
    // The traffic of its deployment is blocked, or let through again; in a dry run nobody was told to do it.
    z.object({ kind: z.enum(['blocked', 'released']), dryRun: z.boolean() }),
    // It would be blocked, but for the limits: a person has to decide.
    z.object({ kind: z.literal('block_held'), why: z.string() }),
    z.object({ kind: z.literal('run_queued'), runId: z.string(), ofRun: z.string() }),
    z.object({ kind: z.literal('run_refused'), reason: z.string() }),
  ])
  .readonly();
export type FindingStep = z.infer<typeof FindingStep>;
