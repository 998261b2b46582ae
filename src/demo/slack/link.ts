import { type Delivery, deliver } from './delivery.ts';
import { SlackActorError } from './error.ts';
import type { JsonObject } from './json.ts';
import { eventCallback } from './payloads.ts';
import { type RawRequest, signRequest } from './signing.ts';
import type { WorkspaceState } from './state.ts';

/** A retry of an event: how often Slack tried before, and why it tries again. */
interface EventRetry {
  readonly num: number;
  readonly reason?: 'http_timeout' | 'http_error' | 'connection_failed';
}

/** How to send an event. */
export interface EventOptions {
  readonly retry?: EventRetry;
  /** The `event_id`; a new one unless told (a retry repeats the first one's). */
  readonly eventId?: string;
}

/** The way from the workspace to the app. */
export interface AppLink {
  readonly connect: (url: string) => void;
  /** Signs and sends a form. */
  readonly sendForm: (fields: Readonly<Record<string, string>>) => Promise<Delivery>;
  /** Signs and sends an interaction payload. */
  readonly sendPayload: (payload: JsonObject) => Promise<Delivery>;
  readonly sendEvent: (event: JsonObject, options?: EventOptions) => Promise<Delivery>;
  /** Sends exactly these headers and this body. */
  readonly sendRaw: (request: RawRequest) => Promise<Delivery>;
  /** Signs a body with the app's secret and the present time, without sending it. */
  readonly sign: (body: string, contentType?: string) => RawRequest;
}

const formType = 'application/x-www-form-urlencoded';

/** The link to an app that is reached at `requestUrl`, or not yet. */
export function createLink(state: WorkspaceState, requestUrl?: string): AppLink {
  let target = requestUrl;
  const sendRaw = (request: RawRequest): Promise<Delivery> => {
    if (target === undefined) throw new SlackActorError('The app is not connected: call connect(url) first.');
    return deliver(target, request);
  };
  const sign = (body: string, contentType = formType): RawRequest => {
    const timestamp = Math.floor(state.clock().getTime() / 1000);
    return signRequest({ signingSecret: state.app.signingSecret, timestamp, body }, contentType);
  };
  const sendForm = async (fields: Readonly<Record<string, string>>): Promise<Delivery> =>
    sendRaw(sign(new URLSearchParams(fields).toString()));
  return {
    connect: (url) => {
      target = url;
    },
    sendForm,
    sendPayload: (payload) => sendForm({ payload: JSON.stringify(payload) }),
    sendEvent: async (event, options = {}) => sendRaw(eventRequest(state, sign, event, options)),
    sendRaw: async (request) => sendRaw(request),
    sign,
  };
}

function eventRequest(
  state: WorkspaceState,
  sign: AppLink['sign'],
  event: JsonObject,
  options: EventOptions,
): RawRequest {
  const body = JSON.stringify(eventCallback(state, event, options.eventId ?? state.ids.next('Ev')));
  const signed = sign(body, 'application/json');
  if (options.retry === undefined) return signed;
  const { num, reason = 'http_timeout' } = options.retry;
  const retry = { 'x-slack-retry-num': String(num), 'x-slack-retry-reason': reason };
  return { ...signed, headers: { ...signed.headers, ...retry } };
}
