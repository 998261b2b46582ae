import type { IncomingMessage } from 'node:http';
import { CountersignError } from '../domain/index.ts';
import type { OutboundRequest } from './request.ts';

const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308]);

/** What another host is sent too; anything else may be a credential. */
const HARMLESS: ReadonlySet<string> = new Set(['accept', 'range', 'if-range', 'user-agent']);

/** Where an answer points and what is sent there; null where it points nowhere. @throws CountersignError `forbidden` */
export function nextHop(
  from: URL,
  wish: OutboundRequest,
  { statusCode, headers: { location } }: IncomingMessage,
): { readonly url: URL; readonly wish: OutboundRequest } | null {
  if (!REDIRECTS.has(statusCode) || location === undefined) return null;
  if (!['GET', 'HEAD'].includes(wish.method ?? 'GET'))
    throw new CountersignError('forbidden', `${from.host} redirects a ${wish.method}, which is not followed`);
  const url = URL.parse(location, from.href);
  if (url === null) throw new CountersignError('unavailable', `${from.host} redirects to what is no URL`);
  if (from.protocol === 'https:' && url.protocol !== 'https:')
    throw new CountersignError(
      'forbidden',
      `${from.host} redirects to ${url.host} without TLS, which is not followed`,
    );
  if (url.origin === from.origin) return { url, wish };
  const kept = Object.entries(wish.headers ?? {}).filter(([name]) => HARMLESS.has(name.toLowerCase()));
  return { url, wish: { ...wish, headers: Object.fromEntries(kept) } };
}
