import { fillDateTokens } from './dates.ts';
import { withEmoji } from './emoji.ts';
import { escapeHtml, type Html, raw } from './html.ts';

/** What is needed to read a text: names behind ids, and the reader's time zone. */
export interface Reader {
  readonly userName: (id: string) => string | undefined;
  readonly channelName: (id: string) => string | undefined;
  readonly groupName: (id: string) => string | undefined;
  readonly timeZone: string;
  /** Unix time in seconds. */
  readonly now: number;
}

/** Slack's `mrkdwn` as HTML. */
export function renderMrkdwn(text: string, reader: Reader): Html {
  const kept: string[] = [];
  const keep = (piece: string): string => `\uE000${kept.push(piece) - 1}\uE001`;
  const clean = text.replaceAll(/[\uE000\uE001]/g, '');
  const tokens = clean
    .replaceAll(/```\n?([\s\S]+?)\n?```/g, (_all, code: string) => keep(`<pre>${plain(code)}</pre>`))
    .replaceAll(/`([^`\n]+)`/g, (_all, code: string) => keep(`<code>${plain(code)}</code>`))
    .replaceAll(/<([^<>\n]+)>/g, (_all, inner: string) => keep(reference(inner, reader)));
  const formatted = quotes(emphasis(withEmoji(plain(tokens), keep)));
  const restore = (part: string): string =>
    part.replaceAll(/\uE000(\d+)\uE001/g, (_all, index: string) => kept[Number(index)] ?? '');
  return raw(restore(restore(formatted)).replaceAll('\n', '<br>'));
}

/** Plain text as HTML, emoji names included. */
export function renderPlain(text: string): Html {
  return raw(withEmoji(escapeHtml(text)).replaceAll('\n', '<br>'));
}

/** Slack escapes `&`, `<` and `>` in its texts: undo that, then escape for HTML. */
function plain(text: string): string {
  return escapeHtml(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}

function emphasis(text: string): string {
  return text
    .replaceAll(/(^|[\s([{>_~])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/gm, '$1<strong>$2</strong>')
    .replaceAll(/(^|[\s([{>*~])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])/gm, '$1<em>$2</em>')
    .replaceAll(/(^|[\s([{>*_])~([^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])/gm, '$1<del>$2</del>');
}

function quotes(text: string): string {
  return text.replaceAll(/(?:^&gt; ?.*(?:\n|$))+/gm, (lines) => {
    const inner = lines.replaceAll(/^&gt; ?/gm, '').replace(/\n$/, '');
    return `<blockquote>${inner}</blockquote>`;
  });
}

/** What stands between `<` and `>`: a mention, a date or a link. */
function reference(inner: string, reader: Reader): string {
  const [target = '', label] = splitLabel(inner);
  const name = label === undefined ? undefined : plain(label);
  if (target.startsWith('@'))
    return mention(`@${plain(reader.userName(target.slice(1)) ?? target.slice(1))}`);
  if (target.startsWith('#'))
    return mention(`#${plain(reader.channelName(target.slice(1)) ?? target.slice(1))}`);
  if (target.startsWith('!date^')) return date(target, name, reader);
  if (target.startsWith('!subteam^'))
    return mention(`@${plain(reader.groupName(target.slice(9)) ?? target.slice(9))}`);
  if (target.startsWith('!')) return mention(`@${plain(target.slice(1))}`);
  return link(target, name);
}

function splitLabel(inner: string): readonly [string, string?] {
  const bar = inner.indexOf('|');
  return bar < 0 ? [inner] : [inner.slice(0, bar), inner.slice(bar + 1)];
}

function mention(text: string): string {
  return `<span class="mention">${text}</span>`;
}

function date(target: string, fallback: string | undefined, reader: Reader): string {
  const [, seconds = '', template = ''] = target.split('^');
  const number = Number(seconds);
  if (!Number.isSafeInteger(number) || number > 8_000_000_000) return fallback ?? '';
  return `<time>${plain(fillDateTokens(template, number, reader))}</time>`;
}

function link(target: string, label: string | undefined): string {
  const shown = label ?? plain(target);
  if (!/^(https?:\/\/|mailto:)/i.test(target)) return shown;
  const address = escapeHtml(target.replaceAll('&amp;', '&'));
  return `<a href="${address}" target="_blank" rel="noopener noreferrer">${shown}</a>`;
}
