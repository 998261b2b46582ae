import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { CountersignError } from '../../domain/index.ts';

/** A call of Slack's Web API that came to nothing. */
export class SlackFailure extends Error {
  override readonly name = 'SlackFailure';
  readonly method: string;
  /** Slack's own code (`channel_not_found`), `ratelimited`, `http_<status>`, or `unreachable`. */
  readonly code: string;
  /** Seconds after which Slack takes such calls again; null unless it said so. */
  readonly retryAfter: number | null;

  constructor(method: string, code: string, retryAfter: number | null = null) {
    super(`${method}: ${code}`);
    this.method = method;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** What went wrong, in our words. Vendor errors go no further: they carry headers and bodies. */
export function failureOf(method: string, error: unknown): SlackFailure {
  if (error instanceof SlackFailure) return error;
  if (error instanceof WebAPIPlatformError)
    return new SlackFailure(method, String(error.data.error).slice(0, 100));
  if (error instanceof WebAPIRateLimitedError)
    return new SlackFailure(method, 'ratelimited', error.retryAfter);
  if (error instanceof WebAPIHTTPError) return new SlackFailure(method, `http_${error.statusCode}`);
  return new SlackFailure(method, 'unreachable');
}

/** What went wrong with opening a connection to Slack, in our words. */
export function slackFailure(error: unknown): SlackFailure {
  return failureOf('apps.connections.open', error);
}

/** Whether the same call may go well a little later; else Slack understood it and refused. */
export function isPassing({ code }: SlackFailure): boolean {
  return (
    ['ratelimited', 'unreachable', 'internal_error', 'fatal_error', 'service_unavailable'].includes(code) ||
    code.startsWith('http_5')
  );
}

/** Whether Slack may have done what it was asked for, although the call failed. */
export function mayHaveHappened(error: unknown): boolean {
  if (!(error instanceof SlackFailure)) return true;
  return isPassing(error) && error.code !== 'ratelimited';
}

const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['not_in_channel', 'invite the bot to the channel'],
  ['channel_not_found', 'name an existing channel and invite the bot to it'],
  ['is_archived', 'name a channel that is not archived'],
  ['invalid_auth', 'set a valid bot token'],
  ['not_authed', 'set a bot token'],
  ['account_inactive', 'install the app again and set its new bot token'],
  ['token_revoked', 'install the app again and set its new bot token'],
  ['missing_scope', 'give the app the scopes of its manifest and install it again'],
]);

/** The failure as callers see it: what was tried, Slack's code, and what to do about it where that is known. */
export function unavailable(failure: SlackFailure): CountersignError {
  const { method, code, retryAfter } = failure;
  const remedy = REMEDIES.get(code);
  const wait = retryAfter === null ? '' : `, to be tried again in ${retryAfter} s`;
  return new CountersignError(
    'unavailable',
    `Slack did not do ${method}: ${code}${wait}${remedy === undefined ? '' : ` (${remedy})`}`,
  );
}
