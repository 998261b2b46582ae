import type { MessageChange } from './messages.ts';
import type { WorkspaceState } from './state.ts';
import type { SlackEphemeral } from './types.ts';

/** The ephemeral message with this timestamp, if its recipient still sees it. */
export function ephemeralAt(state: WorkspaceState, channel: string, ts: string): SlackEphemeral | undefined {
  return state.ephemerals.find((one) => one.channel === channel && one.ts === ts);
}

/** Changes an ephemeral message; only a `response_url` can. */
export function changeEphemeral(state: WorkspaceState, ts: string, change: MessageChange): void {
  const index = state.ephemerals.findIndex((one) => one.ts === ts);
  const old = state.ephemerals[index];
  if (old !== undefined) state.ephemerals[index] = { ...old, ...change };
  state.feed.announce();
}

/** Takes an ephemeral message from the screen. */
export function removeEphemeral(state: WorkspaceState, ts: string): void {
  const index = state.ephemerals.findIndex((one) => one.ts === ts);
  if (index >= 0) state.ephemerals.splice(index, 1);
  state.feed.announce();
}
