/** A piece of HTML that is safe to send: every text in it was escaped. */
export interface Html {
  readonly html: string;
}

/** What may stand in a piece of HTML: text is escaped, null and false are nothing. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/** Builds HTML; everything that is put in is escaped unless it is `Html` already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((text, index) => text + render(parts[index])).join('') };
}

/** Text that is HTML already: only for what this folder wrote itself. */
export function raw(text: string): Html {
  return { html: text };
}

/** Escapes text for use in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'html' in part ? part.html : part.map(render).join('');
}
