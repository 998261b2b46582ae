import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Arguments, optionalText, parseArguments } from './arguments.ts';
import type { CallLog } from './calls.ts';
import { SlackApiError } from './error.ts';
import type { FaultQueue } from './faults.ts';
import { readBody, sendJson } from './http.ts';
import type { JsonObject } from './json.ts';
import { methods } from './methods/index.ts';
import type { RateLimiter } from './rate-limits.ts';
import { grantedScopes, requireScope, requireTeam } from './scopes.ts';
import type { WorkspaceState } from './state.ts';
import { strikeBefore, tooMany } from './strike.ts';

/** What the Web API works with. */
export interface Api {
  readonly state: WorkspaceState;
  readonly faults: FaultQueue;
  readonly calls: CallLog;
  readonly limit: RateLimiter;
  readonly origin: () => string;
  /** A fresh address for a Socket Mode connection. */
  readonly socketUrl: () => string;
}

/** Answers one call of the Web API (`POST /api/<method>`). */
export async function serveApi(
  api: Api,
  method: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return sendJson(response, 413, { ok: false, error: 'request_too_large' });
  const fault = api.faults.take(method);
  if (await strikeBefore(fault, response)) return;
  const { answer, retryAfter } = callMethod(api, method, request, body);
  if (retryAfter !== undefined) tooMany(response, retryAfter);
  else if (fault?.kind === 'cut_after') response.socket?.destroy();
  else sendJson(response, 200, answer, scopeHeader(api.state));
}

/** Slack names the token's scopes in every answer. */
function scopeHeader(state: WorkspaceState): Readonly<Record<string, string>> {
  return { 'x-oauth-scopes': grantedScopes(state).join(',') };
}

interface Outcome {
  readonly answer: JsonObject;
  /** Seconds to wait, where the call came too early and was not done. */
  readonly retryAfter: number | undefined;
}

function callMethod(api: Api, method: string, request: IncomingMessage, body: string): Outcome {
  let logged: Arguments = {};
  let retryAfter: number | undefined;
  const answer = refusals(() => {
    const args = parseArguments(request.headers['content-type'] ?? '', body);
    const { token, ...rest } = args;
    logged = rest;
    authorize(api.state, method, request.headers.authorization, token);
    const run = methods.get(method);
    if (run === undefined) throw new SlackApiError('unknown_method');
    requireScope(api.state, method);
    requireTeam(api.state, method, optionalText(rest, 'team_id'));
    retryAfter = api.limit(method, rest);
    if (retryAfter !== undefined) throw new SlackApiError('ratelimited');
    return { ok: true, ...run({ state: api.state, origin: api.origin(), socketUrl: api.socketUrl }, rest) };
  });
  const error = optionalText(answer, 'error') ?? null;
  api.calls.add({ method, arguments: logged, at: api.state.clock(), error });
  api.state.feed.announce();
  return { answer, retryAfter };
}

/** Opening connections takes the app-level token, everything else the bot's. */
function authorize(state: WorkspaceState, method: string, header: string | undefined, token: unknown): void {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? token;
  if (given === undefined || given === '') throw new SlackApiError('not_authed');
  const { appToken, botToken } = state.app;
  const isForApp = method === 'apps.connections.open';
  if (given === (isForApp ? appToken : botToken)) return;
  throw new SlackApiError(
    given === appToken || given === botToken ? 'not_allowed_token_type' : 'invalid_auth',
  );
}

function refusals(run: () => JsonObject): JsonObject {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    const { code, messages, details } = error;
    const problems = { errors: messages.map(withoutLevel), response_metadata: { messages } };
    return { ok: false, error: code, ...details, ...(messages.length > 0 ? problems : {}) };
  }
}

function withoutLevel(message: string): string {
  return message.replace(/^\[\w+\] /, '');
}
