import { type Parsed, parsed, unparsed } from '../../lib/index.ts';

/** A heading of a Markdown text and the raw words up to the next one. */
export interface Section {
  readonly depth: number;
  readonly title: string;
  readonly text: string;
}

/** More than this no card nests; the lexer would need stack for it. */
const DEEP = /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){40}/m;

/** The sections of a Markdown text, in order. Words before the first heading stand under a heading without title. */
export async function sectionsOf(where: string, markdown: string): Promise<Parsed<readonly Section[]>> {
  if (DEEP.test(markdown)) return unparsed([{ where, message: 'nests lists or quotes too deeply' }]);
  const { marked } = await import('marked');
  const sections: { depth: number; title: string; text: string }[] = [{ depth: 7, title: '', text: '' }];
  try {
    for (const token of marked.lexer(markdown)) {
      const last = sections.at(-1);
      if (token.type === 'heading') sections.push({ depth: token.depth, title: token.text, text: '' });
      else if (last !== undefined) last.text += token.raw;
    }
  } catch {
    return unparsed([{ where, message: 'is not Markdown that can be read' }]);
  }
  return parsed(sections);
}
