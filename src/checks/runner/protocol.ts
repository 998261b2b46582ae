import { z } from 'zod';
import { CheckReport, Digest } from '../../domain/index.ts';

/** The descriptor on which the child writes its result; its standard output belongs to whatever libraries print. */
export const RESULT_DESCRIPTOR = 3;

/** What the child writes there when it is ready for its request; to a reader of JSON it is nothing. */
export const READY = '\n';

const File = z.strictObject({ path: z.string(), digest: Digest });

/** What the parent sends: one line of JSON on standard input, which then stays open as long as the parent lives. */
export const ChildRequest = z.strictObject({
  check: z.string(),
  modelId: z.string(),
  modelVersion: z.string(),
  artifact: File,
  evidence: z.array(z.tuple([z.string(), File])),
  parameters: z.record(z.string(), z.json()),
  passedChecks: z.array(z.string()),
  now: z.string(),
});
export type ChildRequest = z.infer<typeof ChildRequest>;

/** What the child answers: the check's report, or the message of what it threw. */
export const ChildResponse = z.union([
  z.strictObject({ report: CheckReport }),
  z.strictObject({ thrown: z.string() }),
]);
export type ChildResponse = z.infer<typeof ChildResponse>;
