/** How a command ended, for scripts: a failure is never 0. */
export const EXIT = {
  /** Done; governed; allowed. */
  ok: 0,
  /** The answer is no: failed, rejected, not allowed, refused by the rules. */
  refused: 1,
  /** No answer: wrong usage, bad input, no token for it, nobody there. */
  error: 2,
  /** Nobody knows yet: still pending when the time was up. */
  pending: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
