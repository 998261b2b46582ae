import { ackLimitMs, type Delivery, patienceMs } from '../delivery.ts';
import type { WaitOptions } from '../feed.ts';
import type { WorkspaceState } from '../state.ts';
import {
  type Connection,
  type Connections,
  createConnections,
  type DisconnectReason,
} from './connections.ts';
import { type Envelope, type EnvelopeRetry, envelopeText } from './envelope.ts';

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
export interface SocketMode extends Pick<Connections, 'issueUrl' | 'accept' | 'close'> {
  readonly sockets: SlackSockets;
  readonly send: (envelope: Envelope, retry?: EnvelopeRetry) => Promise<Delivery>;
}

interface Waiting {
  readonly envelope: Envelope;
  readonly text: string;
  readonly connection: Connection;
  readonly started: number;
  readonly retry: EnvelopeRetry | null;
  readonly finish: (delivery: Delivery) => void;
}

/** Creates Socket Mode without connections. */
export function createSocketMode(state: WorkspaceState): SocketMode {
  const waiting = new Map<string, Waiting>();
  const connections = createConnections(state, {
    onAcknowledged: ({ envelopeId, body }) => settle(waiting, envelopeId, 200, body),
    onEnded: (connection) => {
      for (const [id, one] of waiting) if (one.connection === connection) redeliver(id, one);
    },
  });
  const dispatch = (envelope: Envelope, started: number, retry: EnvelopeRetry | null): Promise<Delivery> => {
    const connection = connections.next();
    const id = state.ids.next('envelope-');
    const text = envelopeText(id, envelope, retry);
    if (connection === undefined)
      return Promise.resolve(failed(text, started, 'no Socket Mode connection is open'));
    const { promise, resolve: finish } = Promise.withResolvers<Delivery>();
    const late = setTimeout(
      () => settle(waiting, id, 0, `not acknowledged within ${patienceMs} ms`),
      patienceMs,
    );
    late.unref();
    waiting.set(id, { envelope, text, connection, started, retry, finish });
    connection.socket.send(text);
    return promise.finally(() => clearTimeout(late));
  };
  /** Nobody acknowledged it on a line that is gone: another connection gets it, under a new envelope id. */
  const redeliver = (id: string, one: Waiting): void => {
    waiting.delete(id);
    const retry = { num: (one.retry?.num ?? 0) + 1, reason: 'connection_closed' };
    void dispatch(one.envelope, one.started, retry).then(one.finish);
  };
  const oldest = (count = Number.POSITIVE_INFINITY) => connections.open().slice(0, count);
  const send = (envelope: Envelope, retry: EnvelopeRetry | null = null) =>
    dispatch(envelope, performance.now(), retry);
  return {
    issueUrl: connections.issueUrl,
    accept: connections.accept,
    close: () => {
      connections.close();
      for (const id of waiting.keys()) settle(waiting, id, 0, 'the workspace closed');
    },
    send,
    sockets: {
      count: () => connections.open().length,
      waitForConnections: (count, options) => waitForConnections(state, connections, count, options),
      send: (envelope) => send(envelope),
      disconnect: (reason = 'refresh_requested', count) => {
        for (const one of oldest(count)) connections.retire(one, reason);
      },
      cut: (count) => {
        for (const { socket } of oldest(count)) socket.cut();
      },
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

function settle(waiting: Map<string, Waiting>, id: string, status: number, body: string): void {
  const one = waiting.get(id);
  if (one === undefined) return;
  waiting.delete(id);
  const ackMs = performance.now() - one.started;
  const acknowledged = status === 200 && ackMs <= ackLimitMs;
  one.finish({ status, body, ackMs, acknowledged, request: { headers: {}, body: one.text } });
}

function failed(text: string, started: number, body: string): Delivery {
  const ackMs = performance.now() - started;
  return { status: 0, body, ackMs, acknowledged: false, request: { headers: {}, body: text } };
}
