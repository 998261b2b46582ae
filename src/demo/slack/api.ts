import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Arguments, optionalText, parseArguments } from './arguments.ts';
import type { CallLog } from './calls.ts';
import { SlackApiError } from './error.ts';
import type { Fault, FaultQueue } from './faults.ts';
import { readBody, sendJson, sendText } from './http.ts';
import type { JsonObject } from './json.ts';
import { methods } from './methods/index.ts';
import type { WorkspaceState } from './state.ts';

/** What the Web API works with. */
export interface Api {
  readonly state: WorkspaceState;
  readonly faults: FaultQueue;
  readonly calls: CallLog;
  readonly origin: () => string;
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
  if (fault !== undefined && (await strikeBefore(fault, response))) return;
  const answer = callMethod(api, method, request, body);
  if (fault?.kind === 'cut_after') response.socket?.destroy();
  else sendJson(response, 200, answer);
}

/** Does what a fault does before the method; true where the method must not run. */
async function strikeBefore(fault: Fault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'rate_limited': {
      const wait = { 'retry-after': String(fault.retryAfterSeconds) };
      sendJson(response, 429, { ok: false, error: 'ratelimited' }, wait);
      return true;
    }
    case 'failed':
      sendText(response, fault.status, 'fault');
      return true;
    case 'cut_before':
      response.socket?.destroy();
      return true;
    case 'held':
      fault.arrived();
      await fault.released;
      return false;
    case 'cut_after':
      return false;
  }
}

function callMethod(api: Api, method: string, request: IncomingMessage, body: string): JsonObject {
  let logged: Arguments = {};
  const answer = refusals(() => {
    const args = parseArguments(request.headers['content-type'] ?? '', body);
    const { token, ...rest } = args;
    logged = rest;
    authorize(api.state, request.headers.authorization, token);
    const run = methods.get(method);
    if (run === undefined) throw new SlackApiError('unknown_method');
    return { ok: true, ...run({ state: api.state, origin: api.origin() }, rest) };
  });
  const error = optionalText(answer, 'error') ?? null;
  api.calls.add({ method, arguments: logged, at: api.state.clock(), error });
  api.state.feed.announce();
  return answer;
}

function authorize(state: WorkspaceState, header: string | undefined, token: unknown): void {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? token;
  if (given === undefined || given === '') throw new SlackApiError('not_authed');
  if (given !== state.app.botToken) throw new SlackApiError('invalid_auth');
}

function refusals(run: () => JsonObject): JsonObject {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    const { code, messages } = error;
    const details = { errors: messages.map(withoutLevel), response_metadata: { messages } };
    return { ok: false, error: code, ...(messages.length > 0 ? details : {}) };
  }
}

function withoutLevel(message: string): string {
  return message.replace(/^\[\w+\] /, '');
}
