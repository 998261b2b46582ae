import { CountersignError } from '../../domain/index.ts';
import type { Terminal } from '../terminal.ts';

/** Tells what went wrong, where, and what to do, on standard error. */
export function showFailure({ err, paint }: Terminal, error: unknown): void {
  err(`${paint.bad('error:')} ${headlineOf(error)}`);
  if (!(error instanceof CountersignError)) return;
  for (const { where, message, fix } of error.problems) {
    err(`  ${paint.bold(where)}: ${message}`);
    if (fix !== undefined) err(`    ${paint.dim('fix:')} ${fix}`);
  }
}

/** Where problems follow, the message's further lines would say the same again. */
function headlineOf(error: unknown): string {
  if (!(error instanceof CountersignError))
    return `unexpected: ${error instanceof Error ? error.message : error}`;
  if (error.problems.length === 0) return error.message;
  return (error.message.split('\n')[0] ?? '').replace(/:$/, '');
}
