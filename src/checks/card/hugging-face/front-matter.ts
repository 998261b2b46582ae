import { type Parsed, parsed, unparsed } from '../../../lib/index.ts';
import { MODEL_CARD } from '../source.ts';

/** A README in its two parts. */
export interface Readme {
  /** The YAML between the two marks, with line ends before it so that its lines have the numbers they have in the file. */
  readonly yaml: string;
  readonly markdown: string;
}

const OPENING = /^---[ \t]*\r?\n/;
const CLOSING = /^---[ \t]*(?:\r?\n|$)/m;

/** Splits a README into front matter and Markdown; without front matter the YAML is empty. */
export function splitReadme(text: string): Parsed<Readme> {
  const before = text.length - text.trimStart().length;
  const opening = OPENING.exec(text.slice(before));
  if (opening === null) return parsed({ yaml: '', markdown: text });
  const start = before + opening[0].length;
  const closing = CLOSING.exec(text.slice(start));
  if (closing === null) {
    const message = 'the front matter does not end';
    return unparsed([{ where: MODEL_CARD, message, fix: 'close it with a line of ---' }]);
  }
  const end = start + closing.index;
  const lines = text.slice(0, start).split('\n').length - 1;
  return parsed({
    yaml: '\n'.repeat(lines) + text.slice(start, end),
    markdown: text.slice(end + closing[0].length),
  });
}
