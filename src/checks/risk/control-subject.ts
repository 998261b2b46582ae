import type { Control } from './controls-table.ts';

/** `Article 9`, `Articles 43, 47, 48 and 49`, `Art. 26(1)`, `Articles 8 to 15`; in the languages of many officials. */
const CITATION =
  /\b(?:art(?:icles?|ikeln?|ikels|icolo|icoli|[ií]culos?|igos?)?|arts)\b\.?\s*((?:\d{1,3}[a-z]?(?!\d)(?:\s*\(\w{1,3}\))*(?:\s*(?:,|;|&|-|–|and|to|und|bis|et|à|y|e)\s*)*)+)/giu;
const RANGE = /(\d{1,3})(?:\s*\(\w{1,3}\))*\s*(?:-|–|to|bis|à)\s*(\d{1,3})(?!\d)/giu;
/** A wider range says nothing of what a document is about. */
const WIDEST_RANGE = 20;

/** Whether a text says which control it is for: cites its article, or has its title or id. Demanded headings say it too. */
export function saysWhatItIsFor(control: Control, text: string): boolean {
  if (control.headings !== undefined) return true;
  const wanted = articleNumbers(control.article);
  const cited = citedArticles(text);
  if (wanted.some((number) => cited.has(number))) return true;
  const words = normalised(text);
  return words.includes(normalised(control.title)) || words.includes(normalised(control.id));
}

/** The articles of the AI Act that a control rests on: `26` of `Art. 26(7), 26(11)`; an annex is none. */
function articleNumbers(article: string): readonly string[] {
  const numbers = article
    .split(',')
    .filter((part) => !/annex/i.test(part))
    .flatMap((part) => /\d{1,3}[a-z]?/.exec(part)?.[0] ?? []);
  return [...new Set(numbers)];
}

function citedArticles(text: string): ReadonlySet<string> {
  const cited = new Set<string>();
  for (const [, list = ''] of text.matchAll(CITATION)) {
    for (const [number] of list.replace(/\(\w{1,3}\)/g, '').matchAll(/\d{1,3}[a-z]?/g)) cited.add(number);
    for (const [, first, last] of list.matchAll(RANGE)) addRange(cited, Number(first), Number(last));
  }
  return cited;
}

function addRange(cited: Set<string>, first: number, last: number): void {
  for (let number = first; number <= Math.min(last, first + WIDEST_RANGE); number++)
    cited.add(String(number));
}

function normalised(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
