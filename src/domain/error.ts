import { describeProblems, type Problem } from '../lib/index.ts';

/** Every way in which Countersign refuses or fails, for callers to map to a status, an exit code or a sentence. */
export type ErrorCode =
  | 'invalid_input'
  | 'not_found'
  | 'conflict'
  | 'unauthenticated'
  | 'forbidden'
  | 'digest_mismatch'
  | 'pipeline_not_trusted'
  | 'too_large'
  | 'unavailable'
  | 'integrity'
  | 'internal';

/** The one error that crosses folders: a code for machines, a message for people, the problems behind it. */
export class CountersignError extends Error {
  override readonly name = 'CountersignError';
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** An `invalid_input` error whose message lists every problem. */
export function invalidInput(what: string, problems: readonly Problem[]): CountersignError {
  return new CountersignError('invalid_input', `${what} is not valid:\n${describeProblems(problems)}`, {
    problems,
  });
}
