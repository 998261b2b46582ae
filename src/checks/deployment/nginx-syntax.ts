import { type Parsed, parsed, unparsed } from '../../lib/index.ts';

/** One directive: its name, its parameters and, of a block, what it holds. */
export interface NginxDirective {
  readonly name: string;
  readonly args: readonly string[];
  readonly line: number;
  readonly block: readonly NginxDirective[] | undefined;
}

/** A block: `http`, `server`, `location`, `upstream` and the like. */
export interface NginxBlock extends NginxDirective {
  readonly block: readonly NginxDirective[];
}

interface Token {
  readonly text: string;
  readonly line: number;
  readonly quoted: boolean;
}

const MAX_DEPTH = 16;
const MAX_TOKENS = 100_000;
/** Directives that bring configuration from elsewhere, or run code that decides what is served. */
const UNREADABLE = /^(?:include|load_module|.*_by_lua(?:_block|_file)?|js_.*|perl.*)$/;

/**
 * Parses an nginx configuration file. `include` is refused, since what it brings is not there to be judged; so are scripts.
 *
 * @returns the top level; or problems with file and line
 */
export function parseNginx(file: string, text: string): Parsed<readonly NginxDirective[]> {
  try {
    const reader = new Reader(file, [...tokens(file, text)]);
    const directives = reader.directives(0);
    return reader.refused.length > 0 ? unparsed(reader.refused) : parsed(directives);
  } catch (error) {
    if (error instanceof NginxSyntaxError) return unparsed([{ where: error.where, message: error.message }]);
    throw error;
  }
}

class NginxSyntaxError extends Error {
  readonly where: string;
  constructor(file: string, line: number, message: string) {
    super(message);
    this.where = `${file}:${line}`;
  }
}

class Reader {
  readonly refused: { where: string; message: string; fix?: string }[] = [];
  readonly #file: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(file: string, all: readonly Token[]) {
    this.#file = file;
    this.#tokens = all;
  }

  directives(depth: number): NginxDirective[] {
    if (depth > MAX_DEPTH) throw this.#error(`blocks are nested deeper than ${MAX_DEPTH} levels`);
    const found: NginxDirective[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined && depth > 0) throw this.#error('a block is not closed with }');
      if (token === undefined) return found;
      this.#at += 1;
      if (isMark(token, '}')) {
        if (depth === 0) throw this.#error('there is a } without its block', token);
        return found;
      }
      found.push(this.#directive(token, depth));
    }
  }

  #directive(first: Token, depth: number): NginxDirective {
    if (isMark(first, '{') || isMark(first, ';'))
      throw this.#error(`a directive cannot begin with ${first.text}`, first);
    const args: string[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || isMark(token, '}'))
        throw this.#error(`${first.text} is not ended with ;`, first);
      this.#at += 1;
      if (isMark(token, ';')) return this.#kept(first, args, undefined);
      if (isMark(token, '{')) return this.#kept(first, args, this.directives(depth + 1));
      args.push(token.text);
    }
  }

  #kept({ text: name, line }: Token, args: string[], block: NginxDirective[] | undefined): NginxDirective {
    if (UNREADABLE.test(name)) {
      this.refused.push({
        where: `${this.#file}:${line}`,
        message: `${[name, ...args].join(' ')} brings configuration that is not in this file`,
        fix: 'submit the file with its includes written out and without scripts',
      });
    }
    return { name, args, line, block };
  }

  #error(message: string, token: Token | undefined = this.#tokens.at(-1)): NginxSyntaxError {
    return new NginxSyntaxError(this.#file, token?.line ?? 1, message);
  }
}

function isMark({ text, quoted }: Token, mark: string): boolean {
  return text === mark && !quoted;
}

function* tokens(file: string, text: string): Generator<Token> {
  const pattern =
    /(\n)|([ \t\r]+)|(#[^\n]*)|([{};])|"((?:[^"\\]|\\[\s\S]){0,4096})"|'((?:[^'\\]|\\[\s\S]){0,4096})'|((?:\$\{\w+\}|\\[\s\S]|[^\s{};"'\\])(?:\$\{\w+\}|\\[\s\S]|[^\s{};\\]){0,4096})/y;
  let line = 1;
  let count = 0;
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null)
      throw new NginxSyntaxError(
        file,
        line,
        `cannot be read: ${JSON.stringify(text.slice(start, start + 20))}`,
      );
    const [whole, newline, , , mark, double, single, word] = match;
    const quoted = double ?? single;
    const found = mark ?? quoted ?? word;
    if (found !== undefined) {
      if (++count > MAX_TOKENS) throw new NginxSyntaxError(file, line, `holds more than ${MAX_TOKENS} words`);
      yield { text: found, line, quoted: quoted !== undefined };
    }
    line += newline === undefined ? (whole.match(/\n/g)?.length ?? 0) : 1;
  }
}
