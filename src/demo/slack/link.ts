import { type Delivery, deliver } from './delivery.ts';
import { SlackActorError } from './error.ts';
import type { JsonObject } from './json.ts';
import { eventCallback } from './payloads.ts';
import { type RawRequest, signRequest } from './signing.ts';
import type { SocketMode } from './socket/sockets.ts';
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

/** The way from the workspace to the app: HTTP where it is connected so, Socket Mode otherwise. */
export interface AppLink {
  /** Says where the app receives requests; null: through its Socket Mode connections. */
  readonly connect: (url: string | null) => void;
  /** Sends a slash command. */
  readonly sendCommand: (fields: Readonly<Record<string, string>>) => Promise<Delivery>;
  /** Sends an interaction payload. */
  readonly sendPayload: (payload: JsonObject) => Promise<Delivery>;
  readonly sendEvent: (event: JsonObject, options?: EventOptions) => Promise<Delivery>;
  /** Sends exactly these headers and this body over HTTP. */
  readonly sendRaw: (request: RawRequest) => Promise<Delivery>;
  /** Signs a body with the app's secret and the present time, without sending it. */
  readonly sign: (body: string, contentType?: string) => RawRequest;
}

const formType = 'application/x-www-form-urlencoded';

/** The link to an app that is reached at `requestUrl`, or through sockets, or not yet. */
export function createLink(state: WorkspaceState, socketMode: SocketMode, requestUrl?: string): AppLink {
  let target = requestUrl ?? null;
  const sendRaw = async (request: RawRequest): Promise<Delivery> => {
    if (target === null) throw new SlackActorError('The app is not connected: call connect(url) first.');
    return deliver(target, request);
  };
  const bySocket = (): boolean => target === null && socketMode.sockets.count() > 0;
  const sign = (body: string, contentType = formType): RawRequest => {
    const timestamp = Math.floor(state.clock().getTime() / 1000);
    return signRequest({ signingSecret: state.app.signingSecret, timestamp, body }, contentType);
  };
  const sendForm = (fields: Readonly<Record<string, string>>): Promise<Delivery> =>
    sendRaw(sign(new URLSearchParams(fields).toString()));
  const sendEvent = async (event: JsonObject, options: EventOptions = {}): Promise<Delivery> => {
    const payload = eventCallback(state, event, options.eventId ?? state.ids.next('Ev'));
    if (!bySocket()) return sendRaw(eventRequest(sign, payload, options));
    const { num, reason = 'http_timeout' } = options.retry ?? { num: 0 };
    return socketMode.send({ type: 'events_api', payload }, { num, reason: num === 0 ? '' : reason });
  };
  return {
    connect: (url) => {
      target = url;
    },
    sendCommand: async (fields) =>
      bySocket() ? socketMode.send({ type: 'slash_commands', payload: fields }) : sendForm(fields),
    sendPayload: async (payload) =>
      bySocket()
        ? socketMode.send({ type: 'interactive', payload })
        : sendForm({ payload: JSON.stringify(payload) }),
    sendEvent,
    sendRaw,
    sign,
  };
}

function eventRequest(sign: AppLink['sign'], payload: JsonObject, options: EventOptions): RawRequest {
  const signed = sign(JSON.stringify(payload), 'application/json');
  if (options.retry === undefined) return signed;
  const { num, reason = 'http_timeout' } = options.retry;
  const retry = { 'x-slack-retry-num': String(num), 'x-slack-retry-reason': reason };
  return { ...signed, headers: { ...signed.headers, ...retry } };
}
