import type { Arguments } from '../arguments.ts';
import type { JsonObject } from '../json.ts';
import type { WorkspaceState } from '../state.ts';

/** What a method works with. */
interface MethodContext {
  readonly state: WorkspaceState;
  /** Address of the workspace's own server, without a slash at the end. */
  readonly origin: string;
  /** A fresh address for a Socket Mode connection. */
  readonly socketUrl: () => string;
}

/** One Web API method: gives the fields beside `ok: true`, or throws a `SlackApiError`. */
export type Method = (context: MethodContext, args: Arguments) => JsonObject;
