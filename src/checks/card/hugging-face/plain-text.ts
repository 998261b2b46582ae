const SCRIPTS = /<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const COMMENTS = /<!--[\s\S]*?(?:-->|$)/g;
const TAGS = /<\/?[a-z][^<>]{0,500}>/gi;
const LINKS = /!?\[([^[\]\n]{1,300})\]\([^()\n]{0,500}\)/g;
const MARKS = /\*\*|__|`|(?<![\w*])[*_](?=\S)|(?<=\S)[*_](?![\w*])/g;

/** HTML without its comments; one that does not end reaches to the end. */
export function withoutComments(html: string): string {
  return html.replace(COMMENTS, '');
}

/** What a reader sees of HTML: no comments, scripts, styles or tags. */
export function visibleHtml(html: string): string {
  return withoutComments(html).replace(SCRIPTS, '').replace(TAGS, '').trim();
}

/** The words of a piece of Markdown, without the marks of emphasis, code, links and HTML. Line ends stay. */
export function plainText(markdown: string): string {
  return visibleHtml(markdown).replace(LINKS, '$1').replace(MARKS, '').trim();
}
