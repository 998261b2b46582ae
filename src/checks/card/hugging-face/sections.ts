import type { Token, Tokens } from 'marked';
import { plainText, visibleHtml, withoutComments } from './plain-text.ts';

/** A heading with what stands under it before the next heading. */
export interface Section {
  /** As written, for places in messages. */
  readonly title: string;
  readonly depth: number;
  /** Paragraphs, list items and table rows as plain text; code is left out. */
  readonly blocks: readonly string[];
  /** Set where only comments stand under the heading. */
  readonly commentOnly: boolean;
}

/**
 * The sections of a Markdown text in order, by the block rules of CommonMark and GitHub.
 *
 * @throws RangeError where it is nested so deeply that no reader could follow.
 */
export async function sectionsOf(markdown: string): Promise<readonly Section[]> {
  const { Lexer } = await import('marked');
  // Blocks alone: what stands within a line is not needed, and is where hostile text costs time.
  const tokens = new Lexer({ gfm: true }).blockTokens(markdown.replaceAll('\r\n', '\n'), []);
  const starts = tokens.flatMap((token, index) => (token.type === 'heading' ? [index] : []));
  return starts.map((start, index) => {
    const heading = tokens[start] as Tokens.Heading;
    return sectionOf(heading, tokens.slice(start + 1, starts[index + 1] ?? tokens.length));
  });
}

function sectionOf(heading: Tokens.Heading, body: readonly Token[]): Section {
  const blocks = body.flatMap((token, index) =>
    blocksOf(
      token,
      body.slice(index + 1, index + 3).find(({ type }) => type !== 'space'),
    ),
  );
  const said = blocks.filter((block) => block !== '');
  return {
    title: plainText(heading.text),
    depth: heading.depth,
    blocks: said,
    commentOnly: said.length === 0 && body.some(isComment),
  };
}

function isComment({ type, raw }: Token): boolean {
  return type === 'html' && withoutComments(raw).trim() === '';
}

function blocksOf(token: Token, next: Token | undefined): string[] {
  switch (token.type) {
    case 'paragraph':
      return introduces(token.raw, next) ? [] : [plainText(token.raw)];
    case 'text':
      return [plainText(token.raw)];
    case 'list':
      return (token as Tokens.List).items.map((item) => plainText(item.text));
    case 'table':
      return (token as Tokens.Table).rows.map((row) => plainText(row.map(({ text }) => text).join('; ')));
    case 'blockquote':
      return [plainText(token.raw.replace(/^[ \t]*>[ \t]?/gm, ''))];
    case 'html':
      return [visibleHtml(token.raw)];
    default:
      return [];
  }
}

/** "Known failures:" above a list is no statement of its own. */
function introduces(raw: string, next: Token | undefined): boolean {
  return next?.type === 'list' && raw.trimEnd().endsWith(':');
}
