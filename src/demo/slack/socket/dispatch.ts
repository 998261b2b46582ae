import { ackLimitMs, type Delivery, patienceMs } from '../delivery.ts';
import type { WorkspaceState } from '../state.ts';
import type { Connection } from './connections.ts';
import { type Acknowledgement, type Envelope, type EnvelopeRetry, envelopeText } from './envelope.ts';

/** Sends envelopes and waits for what comes of them. */
export interface Dispatch {
  readonly send: (envelope: Envelope, retry?: EnvelopeRetry | null) => Promise<Delivery>;
  readonly acknowledge: (acknowledgement: Acknowledgement) => void;
  /** What a connection that is gone did not acknowledge goes to another one, under a new envelope id. */
  readonly redeliver: (gone: Connection) => void;
  /** Nothing is waited for any more. */
  readonly close: () => void;
}

interface Waiting {
  readonly envelope: Envelope;
  readonly text: string;
  readonly connection: Connection;
  readonly started: number;
  readonly retry: EnvelopeRetry | null;
  readonly finish: (delivery: Delivery) => void;
}

/** Dispatches to the connection that `next` names. */
export function createDispatch(state: WorkspaceState, next: () => Connection | undefined): Dispatch {
  const waiting = new Map<string, Waiting>();
  const settle = (id: string, status: number, body: string): void => {
    const one = waiting.get(id);
    waiting.delete(id);
    one?.finish(deliveryOf(one.text, one.started, status, body));
  };
  const send = (envelope: Envelope, started: number, retry: EnvelopeRetry | null): Promise<Delivery> => {
    const id = state.ids.next('envelope-');
    const text = envelopeText(id, envelope, retry);
    const connection = next();
    if (connection === undefined)
      return Promise.resolve(deliveryOf(text, started, 0, 'no Socket Mode connection is open'));
    const { promise, resolve: finish } = Promise.withResolvers<Delivery>();
    const late = setTimeout(() => settle(id, 0, `not acknowledged within ${patienceMs} ms`), patienceMs);
    late.unref();
    waiting.set(id, { envelope, text, connection, started, retry, finish });
    connection.socket.send(text);
    return promise.finally(() => clearTimeout(late));
  };
  return {
    send: (envelope, retry = null) => send(envelope, performance.now(), retry),
    acknowledge: ({ envelopeId, body }) => settle(envelopeId, 200, body),
    redeliver: (gone) => {
      const left = [...waiting].filter(([, { connection }]) => connection === gone);
      for (const [id, one] of left) {
        waiting.delete(id);
        const retry = { num: (one.retry?.num ?? 0) + 1, reason: 'connection_closed' };
        void send(one.envelope, one.started, retry).then(one.finish);
      }
    },
    close: () => {
      for (const id of [...waiting.keys()]) settle(id, 0, 'the workspace closed');
    },
  };
}

function deliveryOf(text: string, started: number, status: number, body: string): Delivery {
  const ackMs = performance.now() - started;
  const acknowledged = status === 200 && ackMs <= ackLimitMs;
  return { status, body, ackMs, acknowledged, request: { headers: {}, body: text } };
}
