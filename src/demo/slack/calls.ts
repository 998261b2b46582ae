import type { JsonObject } from './json.ts';

/** One Web API call that the app made. */
export interface SlackCall {
  readonly method: string;
  /** The arguments as they came, without the token. */
  readonly arguments: JsonObject;
  readonly at: Date;
  /** Slack's error code, or null where the call succeeded. */
  readonly error: string | null;
}

/** The latest calls, oldest first. */
export interface CallLog {
  readonly add: (call: SlackCall) => void;
  readonly all: (method?: string) => readonly SlackCall[];
}

const kept = 1000;

/** A log that keeps the latest 1000 calls. */
export function createCallLog(): CallLog {
  const calls: SlackCall[] = [];
  return {
    add: (call) => {
      calls.push(call);
      if (calls.length > kept) calls.shift();
    },
    all: (method) => calls.filter((call) => method === undefined || call.method === method),
  };
}
