import type { IncomingMessage } from 'node:http';

/** Seconds by which Slack's clock may be ahead of ours. */
const MOST_AHEAD = 60;

/**
 * Whether a request's timestamp header may be taken at its word. The library behind us refuses old ones, but takes other
 * spellings of a number and any time in the future. Requests without the header are left to it: it answers Slack's
 * unsigned check of the certificate, and refuses the rest.
 */
export function isTimely(request: IncomingMessage, nowSeconds: number): boolean {
  const header = request.headers['x-slack-request-timestamp'];
  if (header === undefined) return true;
  return typeof header === 'string' && /^\d{1,11}$/.test(header) && Number(header) <= nowSeconds + MOST_AHEAD;
}
