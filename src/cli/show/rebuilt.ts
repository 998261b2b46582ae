import type { RebuildDifference, RebuildRefusal, RebuildResult } from '../rebuild-tools.ts';
import type { Paint } from '../terminal.ts';

const SHORT = 12;
const LONGEST_VALUE = 80;

/** An entry that is left out, in a line. */
export function refusalLine({ index, id, why }: RebuildRefusal): string {
  return `entry ${index} of the ledger (${id.slice(0, SHORT)}…) is left out: ${why}`;
}

/** A difference: a line for the row, or one for each of its columns. */
export function differenceLines({ table, row, kind, columns }: RebuildDifference): string[] {
  const what = `${table} ${row}`;
  switch (kind) {
    case 'extra':
      return [`${what}: no statement says so`];
    case 'missing':
      return [`${what}: is missing`];
    case 'unproved':
      return columns.map(({ column }) => `${what}: ${column} is not what was signed; no statement holds it`);
    case 'altered':
      return columns.map(
        ({ column, stored, derived }) =>
          `${what}: ${column} is ${shown(stored)}, and ${shown(derived)} by statement`,
      );
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** What a rebuild amounts to, in a sentence. */
export function rebuiltSummary(paint: Paint, result: RebuildResult): string {
  const { entries, refused, unproved, differences, mended } = result;
  const left = refused === 0 ? '' : `; ${counted(refused, 'entry', 'entries')} left out`;
  const words = unproved === 0 ? '' : `; ${counted(unproved, 'row')} with other words than were signed`;
  const besides = `${left}${words}`;
  const rows = counted(differences, 'row');
  if (differences === 0)
    return (besides === '' ? paint.good : paint.bad)(
      `nothing differs from what ${counted(entries, 'statement')} of the ledger say${besides}`,
    );
  if (mended) return (besides === '' ? paint.good : paint.bad)(`${rows} put right${besides}`);
  return paint.bad(`${rows} not as the ledger's statements say${besides}`);
}

function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
