import { type Instant, ModelId, ModelVersion } from '../../../domain/index.ts';
import type { Order } from '../../order.ts';
import { readUntil } from './until.ts';

type Given = 'account' | 'channel';
type Without<T> = T extends Order ? Omit<T, Given> : never;

/** What is to be done, the question who decides for whom, or what was wrong with how it was said. */
export type ReadOrder =
  | { readonly kind: 'order'; readonly order: Without<Order> }
  | { readonly kind: 'list' }
  | { readonly kind: 'invalid'; readonly why: string };

const MOST_REASON = 500;
const HOW = 'write /governance delegate @somebody until friday 17:00, with a reason behind it if you like';

/** Formatting that people copy along. Only here and around the verb is it ignored: a reason may hold some. */
const AROUND_ALL = /^([`*"])(.*)\1$/s;

/** Reads a command that changes something; null for every other. Mentions come as `<@U…|name>`. */
export function readOrder(text: string, now: Instant, zone: string): ReadOrder | null {
  const [verb = '', ...words] = text
    .trim()
    .replace(AROUND_ALL, '$2')
    .split(/\s+/)
    .filter((word) => word !== '');
  switch (verb.replaceAll(/[`*"“”]/g, '').toLowerCase()) {
    case 'delegate':
      return readDelegate(words, now, zone);
    case 'withdraw':
      return readWithdraw(words);
    default:
      return null;
  }
}

function readDelegate(words: readonly string[], now: Instant, zone: string): ReadOrder {
  const [first, ...others] = words;
  if (first === undefined) return { kind: 'list' };
  if (first.toLowerCase() === 'stop') return { kind: 'order', order: { type: 'order.stop_delegation' } };
  const user = /^<@([UW][A-Z0-9]{1,20})(\|[^>]*)?>$/.exec(first)?.[1];
  if (user === undefined)
    return invalid(`name one person with an @ and choose them from Slack's list: ${HOW}`);
  const read = readUntil(others, now, zone);
  if (read === null) return invalid(`say until when, as 2026-12-01, friday, 17:00 or 3d: ${HOW}`);
  const reason = unescaped(read.rest.join(' '));
  if (reason.length > MOST_REASON) return invalid(`give a reason of at most ${MOST_REASON} characters`);
  const { until } = read;
  const order = { type: 'order.delegate', user, until, zone, reason: reason === '' ? null : reason } as const;
  return { kind: 'order', order };
}

function readWithdraw(words: readonly string[]): ReadOrder {
  const name = readable(words.join(' ')).replaceAll(/[`*"“”\s]/g, '');
  const [modelId = '', ...versions] = name.split('@');
  const modelVersion = versions.join('@');
  if (!ModelId.safeParse(modelId).success || !ModelVersion.safeParse(modelVersion).success)
    return invalid('say which request: /governance withdraw fraud-detection@4.1.2');
  return { kind: 'order', order: { type: 'order.withdraw_request', modelId, modelVersion } };
}

/** What was typed, where Slack has made links and mentions of it: a name with a version can look like an address. */
export function readable(text: string): string {
  return unescaped(
    text
      .replaceAll(/<(?:mailto:|https?:\/\/)[^|>]*\|([^>]*)>/g, '$1')
      .replaceAll(/<mailto:([^|>]*)>/g, '$1')
      .replaceAll(/<@[UW][A-Z0-9]+\|([^>]*)>/g, '@$1')
      .replaceAll(/<#C[A-Z0-9]+\|([^>]*)>/g, '#$1'),
  );
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function invalid(why: string): ReadOrder {
  return { kind: 'invalid', why };
}
