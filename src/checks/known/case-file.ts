import { z } from 'zod';
import { Instant, ModelId, ModelVersion } from '../../domain/index.ts';

const Path = z.string().min(1).max(1024);

/** `case.yaml`: an input to one check, and the answer that is right. Paths are relative to the case's folder. */
export const CaseFile = z.strictObject({
  check: z.string().min(1).max(128),
  expect: z.enum(['passed', 'failed', 'insufficient_evidence', 'not_applicable']),
  /** Text that the message or a problem must contain, so that a bad case fails for the right reason. */
  expect_message: z.string().min(3).max(500).optional(),
  now: Instant,
  model: z.strictObject({ id: ModelId, version: ModelVersion }),
  artifact: Path.optional(),
  evidence: z.record(z.string().min(1).max(128), Path).default({}),
  parameters: z.record(z.string(), z.json()).default({}),
  passed_checks: z.array(z.string()).default([]),
});
export type CaseFile = z.infer<typeof CaseFile>;

/** The first words of a case's folder, which say whether its check should pass. */
export const CASE_NAME = /^(good|bad)(-[a-z0-9][a-z0-9-]*)?$/;

/** What is wrong between a case, its name and its check; each with the key that it concerns. */
export function contradictions(
  file: CaseFile,
  { check, name }: { readonly check: string; readonly name: string },
): { readonly path: readonly string[]; readonly message: string; readonly fix: string }[] {
  const good = name.startsWith('good');
  const opens = file.expect === 'passed' || file.expect === 'not_applicable';
  return [
    ...(file.check === check
      ? []
      : [
          {
            path: ['check'],
            message: `check: ${JSON.stringify(file.check)} lies in the folder of ${check}`,
            fix: `write ${check}, or move the case to the folder ${file.check}`,
          },
        ]),
    ...(good === opens
      ? []
      : [
          {
            path: ['expect'],
            message: `expect: the case is called ${name} and expects ${file.expect}`,
            fix: 'call cases good-… that should pass, and bad-… that should not',
          },
        ]),
    ...(good || file.expect_message !== undefined
      ? []
      : [
          {
            path: ['expect'],
            message: 'expect_message: missing, so the check could fail for any reason',
            fix: 'write text that the message or a problem of the check must contain',
          },
        ]),
  ];
}
