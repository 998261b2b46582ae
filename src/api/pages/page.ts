import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

/** What `html` makes: text that is safe to send, maybe in a moment. */
export type Html = ReturnType<typeof html>;

/** A page for people, apart from its address. */
export interface Page {
  readonly title: string;
  readonly style: string;
  readonly body: Html;
}

/** A whole page: readable without styles, and with no script and nothing from elsewhere. */
export function page({ title, style, body }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
${body}
</body>
</html>`;
}

/** The policy of a page with this style sheet: it, and nothing else, is loaded. */
export function policyOf(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
