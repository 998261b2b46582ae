import type { Delivery } from '../delivery.ts';
import type { WaitOptions } from '../feed.ts';
import type { WorkspaceState } from '../state.ts';
import { type Connections, createConnections, type DisconnectReason } from './connections.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import type { Envelope } from './envelope.ts';

/** Slack's side of Socket Mode. */
export interface SlackSockets {
  /** How many connections are open. */
  readonly count: () => number;
  /** Waits until at least so many connections are open. */
  readonly waitForConnections: (count: number, options?: WaitOptions) => Promise<void>;
  /** Sends any envelope, also one that Slack would not send, to the connection whose turn it is. */
  readonly send: (envelope: Envelope) => Promise<Delivery>;
  /** Tells connections to go: all, or the oldest ones. Slack sends them nothing more, but for after a `warning`. */
  readonly disconnect: (reason?: DisconnectReason, count?: number) => void;
  /** Cuts connections without a word: all, or the oldest ones. What they did not acknowledge goes to another. */
  readonly cut: (count?: number) => void;
}

/** Socket Mode as the workspace uses it. */
export interface SocketMode
  extends Pick<Connections, 'issueUrl' | 'accept' | 'close'>,
    Pick<Dispatch, 'send'> {
  readonly sockets: SlackSockets;
}

/** Creates Socket Mode without connections. */
export function createSocketMode(state: WorkspaceState): SocketMode {
  const dispatch = createDispatch(state, () => connections.next());
  const connections = createConnections(state, {
    onAcknowledged: dispatch.acknowledge,
    onEnded: dispatch.redeliver,
  });
  return {
    issueUrl: connections.issueUrl,
    accept: connections.accept,
    close: () => {
      // First: what is not waited for any more is not sent to another connection either.
      dispatch.close();
      connections.close();
    },
    send: dispatch.send,
    sockets: controls(state, connections, dispatch),
  };
}

function controls(state: WorkspaceState, connections: Connections, dispatch: Dispatch): SlackSockets {
  const oldest = (count = Number.POSITIVE_INFINITY) => connections.open().slice(0, count);
  return {
    count: () => connections.open().length,
    waitForConnections: (count, options) => waitForConnections(state, connections, count, options),
    send: (envelope) => dispatch.send(envelope),
    disconnect: (reason = 'refresh_requested', count) => {
      for (const one of oldest(count)) connections.retire(one, reason);
    },
    cut: (count) => {
      for (const { socket } of oldest(count)) socket.cut();
    },
  };
}

async function waitForConnections(
  state: WorkspaceState,
  connections: Connections,
  count: number,
  options?: WaitOptions,
): Promise<void> {
  const there = () => connections.open().length;
  const what = `${count} Socket Mode connections`;
  const find = () => (there() >= count ? true : undefined);
  await state.feed.waitFor({ what, find, seen: () => String(there()) }, options);
}
