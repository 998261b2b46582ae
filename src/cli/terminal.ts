import { styleText } from 'node:util';

/** Where a command writes. */
export interface Terminal {
  /** True where a person watches, and there is room for progress that moves. */
  readonly interactive: boolean;
  /** Columns that a text may fill. */
  readonly columns: number;
  readonly paint: Paint;
  /** Writes a line to standard output. */
  out(text: string): void;
  /** Writes a line to standard error. */
  err(text: string): void;
}

/** Colours, or none. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** As much of a stream as a terminal needs. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Columns below which moving lines would only break; some machines' terminals claim to have none. */
const ROOM = 40;
/** Columns of a text that is written to no terminal. */
const USUAL_COLUMNS = 80;

/** A terminal on two streams; colours only where standard output is one and nobody asked for none. */
export function createTerminal(stdout: Output, stderr: Output, options: { noColor: boolean }): Terminal {
  const isTerminal = stdout.isTTY === true;
  return {
    interactive: isTerminal && (stdout.columns ?? 0) >= ROOM,
    columns: (isTerminal && stdout.columns) || USUAL_COLUMNS,
    paint: paintFor(isTerminal && !options.noColor),
    out: (text) => void stdout.write(`${printable(text)}\n`),
    err: (text) => void stderr.write(`${printable(text)}\n`),
  };
}

type Style = Parameters<typeof styleText>[0];

function paintFor(colours: boolean): Paint {
  const painter = (style: Style) => (text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  return {
    good: painter('green'),
    bad: painter('red'),
    warn: painter('yellow'),
    dim: painter('dim'),
    bold: painter('bold'),
  };
}

/** The styles above and their ends. */
const OWN_STYLES = [1, 2, 22, 31, 32, 33, 39].map((code) => `\u001b[${code}m`);
/** Control characters, separators of lines that are no line feeds, and marks that reverse the direction of text. */
export const DANGEROUS = /\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text that a terminal shows and does not obey. Much of what is printed was written by others (check messages quote
 * evidence), who could otherwise move the cursor over a verdict.
 */
export function printable(text: string): string {
  const isOwn = (at: number) => OWN_STYLES.some((style) => text.startsWith(style, at));
  return text.replace(DANGEROUS, (character, at: number) =>
    character === '\n' || character === '\t' || isOwn(at) ? character : '\ufffd',
  );
}
