import { z } from 'zod';
import { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import { Outcome } from '../outcome.ts';

/** What is wrong with a check's answer to a known case. */
export const CaseFault = z.enum([
  'passes_what_it_should_fail',
  'fails_what_it_should_pass',
  'other_outcome',
  'wrong_reason',
  'errored',
]);
export type CaseFault = z.infer<typeof CaseFault>;

/** What a check with such a fault does. */
export const FAULT_IN_WORDS: Readonly<Record<CaseFault, string>> = {
  passes_what_it_should_fail: 'passes what it should fail',
  fails_what_it_should_pass: 'fails what it should pass',
  other_outcome: 'gives another outcome than it should',
  wrong_reason: 'fails for another reason than it should',
  errored: 'breaks down on a known case',
};

/** A check's answer to one case whose right answer is known. */
export const CaseAnswer = z
  .object({
    case: z.string().describe('The name of the case, such as `bad-expired-basis`.'),
    digest: Digest.describe('What the case consists of: another digest is another case.'),
    expected: Outcome,
    got: Outcome,
    fault: CaseFault.nullable().describe('Null where the answer is right.'),
    message: z.string().describe('What the check said, in its own words.'),
  })
  .readonly();
export type CaseAnswer = z.infer<typeof CaseAnswer>;

/**
 * `right`: every answer is. `unreliable`: at least one is not. `unproven`: none is wrong, but there is no good or no bad
 * case, or one that cannot be read, so nothing is proved.
 */
export const AuditOutcome = z.enum(['right', 'unreliable', 'unproven']);
export type AuditOutcome = z.infer<typeof AuditOutcome>;

/** What is stored of an audit as documents, and its outcome. */
export const AuditDocuments = z.object({
  outcome: AuditOutcome,
  answers: z.array(CaseAnswer).readonly(),
  gaps: z.array(z.string()).readonly(),
});

/** What a version of a check amounts to, held against its known cases. */
export interface CheckAudit {
  readonly check: string;
  readonly version: string;
  readonly auditedAt: Instant;
  readonly outcome: AuditOutcome;
  readonly answers: readonly CaseAnswer[];
  /** What keeps the cases from proving anything, in words. */
  readonly gaps: readonly string[];
  /** Why what is stored of it cannot be read; then nothing is proved. */
  readonly unread?: string;
}

/** What an audit amounts to: one wrong answer is enough, and nothing is right for want of cases. */
export function auditOutcome({ answers, gaps }: Pick<CheckAudit, 'answers' | 'gaps'>): AuditOutcome {
  if (answers.some(({ fault }) => fault !== null)) return 'unreliable';
  return gaps.length > 0 ? 'unproven' : 'right';
}
