import type { Examined } from '../doctor-tools.ts';
import type { Paint, Terminal } from '../terminal.ts';

/** What was looked at, by area, each with what to do about it; the count of what is wrong comes last. */
export function showExamined({ out, paint }: Terminal, examined: readonly Examined[]): void {
  for (const [area, members] of Map.groupBy(examined, ({ area }) => area)) {
    out(paint.bold(area));
    for (const { outcome, message, fix } of members) {
      out(`  ${mark(paint, outcome)} ${message}`);
      if (fix !== null) out(`    ${paint.dim('→')} ${fix}`);
    }
  }
  out('');
  out(summary(paint, examined));
}

function mark(paint: Paint, outcome: Examined['outcome']): string {
  if (outcome === 'ok') return paint.good('✓');
  return outcome === 'warning' ? paint.warn('!') : paint.bad('✗');
}

function summary(paint: Paint, examined: readonly Examined[]): string {
  const count = (outcome: Examined['outcome']) =>
    examined.filter((found) => found.outcome === outcome).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const besides = warnings === 0 ? '' : `, ${counted(warnings, 'warning')}`;
  if (problems > 0) return paint.bad(`${counted(problems, 'problem')} in the way${besides}`);
  return paint.good(`nothing is in the way${besides}`);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
