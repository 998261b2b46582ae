/** One thing wrong with some input, told so that the reader can fix it. */
export interface Problem {
  /** Where: a file with line and column, a field path, a parameter name. */
  readonly where: string;
  /** What is wrong, with the offending value; lower-case sentence without a full stop. */
  readonly message: string;
  /** What to do about it, when that is known. */
  readonly fix?: string;
}

/** Either a value or every problem that stood in its way. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const unparsed = (problems: readonly Problem[]): Parsed<never> => ({ ok: false, problems });

/** Renders problems one per line, `where: message (fix)`. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map((p) => `${p.where}: ${p.message}${p.fix ? ` (${p.fix})` : ''}`).join('\n');
}
