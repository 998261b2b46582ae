import { isObject, type JsonObject, parseJson, stringAt } from '../json.ts';

/** What comes through a Socket Mode connection. */
export interface Envelope {
  readonly type: 'interactive' | 'slash_commands' | 'events_api';
  readonly payload: JsonObject;
}

/** How an envelope is sent again: events alone say so. */
export interface EnvelopeRetry {
  readonly num: number;
  readonly reason: string;
}

/** The text of an envelope. */
export function envelopeText(id: string, { type, payload }: Envelope, retry: EnvelopeRetry | null): string {
  const isEvent = type === 'events_api';
  const tries = isEvent ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' } : {};
  return JSON.stringify({ envelope_id: id, type, payload, accepts_response_payload: !isEvent, ...tries });
}

/** What an app sends back: the envelope it acknowledges, and an answer where it has one. */
export interface Acknowledgement {
  readonly envelopeId: string;
  /** The answer as JSON; empty where there is none. */
  readonly body: string;
}

/** Reads an acknowledgement; undefined where it is none. */
export function readAcknowledgement(text: string): Acknowledgement | undefined {
  const value = parseJson(text);
  const envelopeId = isObject(value) ? stringAt(value, 'envelope_id') : undefined;
  if (!isObject(value) || envelopeId === undefined) return undefined;
  const answer = value['payload'];
  const isEmpty = !isObject(answer) || Object.keys(answer).length === 0;
  return { envelopeId, body: typeof answer === 'string' ? answer : isEmpty ? '' : JSON.stringify(answer) };
}
