import type { Digest, Instant } from '../../domain/index.ts';

/** Zero-width and direction-changing characters, which make a text look like another one. */
const INVISIBLE = /[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;
/** What Slack would show as an emoji: a name between two colons. */
const EMOJI_NAME = /:(?=[a-z0-9_+'-]+:)/gi;

/** Slack's three escapes. */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A text from outside on one line: no control or invisible characters, no broken surrogate pairs. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(INVISIBLE, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

/** At most `max` UTF-16 units of a text, with an ellipsis where something is missing. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, Math.max(0, max - 1)).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A text from outside for a `plain_text` object, never empty: Slack refuses empty ones. */
export function plain(text: string, max: number): string {
  return clip(oneLine(text), max) || '–';
}

/**
 * A text from outside for mrkdwn: on one line, unable to mention, link, quote code or show an emoji, and at most `max`
 * UTF-16 units long once escaped.
 */
export function escaped(text: string, max: number): string {
  return escapedWithin(withoutTicks(text).replaceAll(EMOJI_NAME, ':\u200B'), max);
}

/** A text from outside as inline code, where Slack looks for nothing and a copy is exact. */
export function code(text: string, max: number): string {
  return `\`${escapedWithin(withoutTicks(text), max) || '–'}\``;
}

/** A backtick would begin or end code. */
function withoutTicks(text: string): string {
  return oneLine(text).replaceAll('`', "'");
}

function escapedWithin(text: string, max: number): string {
  // To escape makes nothing shorter: what is too long already is not worth to be escaped in whole.
  const whole = text.length <= max ? escapeAll(text) : null;
  if (whole !== null && whole.length <= max) return whole;
  let result = '';
  for (const char of text) {
    const next = ESCAPES[char] ?? char;
    if (result.length + next.length > max - 1) break;
    result += next;
  }
  return `${result}…`;
}

function escapeAll(text: string): string {
  return text.replaceAll(/[&<>]/g, (char) => ESCAPES[char] ?? char);
}

/** A digest in full, in a block that a tap selects. */
export function fullDigest(digest: Digest): string {
  return `\`\`\`${digest}\`\`\``;
}

/** A time in the reader's own time zone; where Slack cannot show it, in UTC. */
export function time(at: Instant): string {
  const seconds = Math.floor(Date.parse(at) / 1000);
  return `<!date^${seconds}^{date_short_pretty} at {time}|${at.slice(0, 16).replace('T', ' ')} UTC>`;
}

/** A time of day in the reader's own time zone; where Slack cannot show it, in UTC. */
export function clockTime(at: Instant): string {
  const seconds = Math.floor(Date.parse(at) / 1000);
  return `<!date^${seconds}^{time}|${at.slice(11, 16)} UTC>`;
}

/** A link; the bare label where the address is none of the web. */
export function link(address: string, label: string): string {
  const shown = escaped(label, 75);
  const url = URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.href.length > 2000) return shown;
  return `<${escapeAll(url.href).replaceAll('|', '%7C')}|${shown}>`;
}

/** An identifier in words: `bias_and_fairness` is "Bias and fairness". */
export function inWords(identifier: string): string {
  const words = identifier.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A role in words: `ml_lead` is "ml lead". */
export function roleInWords(role: string): string {
  return escaped(role.replaceAll('_', ' '), 64);
}

/** Items as people write them: "a", "a and b", "a, b and c"; past `max` they are counted. */
export function listed(items: readonly string[], max = 5): string {
  const shown = items.length > max ? [...items.slice(0, max), `${items.length - max} more`] : [...items];
  const last = shown.pop();
  if (last === undefined) return 'nobody';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** `1 check`, `2 checks`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
