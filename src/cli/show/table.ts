import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../terminal.ts';

/** Rows under a heading, in columns as wide as their widest cell. */
export function showTable(
  { out, paint }: Terminal,
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const widths = heading.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd();
  out(paint.dim(line(heading)));
  for (const row of rows) out(line(row));
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
