const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y;

/**
 * The cells of a CSV's first line, quotes taken off.
 *
 * @param text the start of the file, up to and beyond the end of that line
 * @returns undefined where a quote stands in the wrong place or has no end
 */
export function csvHeader(text: string): readonly string[] | undefined {
  const cells: string[] = [];
  CELL.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    const match = CELL.exec(text);
    if (match === null) return undefined;
    const [, inQuotes, plain = '', end] = match;
    cells.push(inQuotes?.replaceAll('""', '"') ?? plain);
    if (end !== ',') return cells;
  }
}
