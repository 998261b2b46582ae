/** What goes wrong with one Web API call. */
export type Fault =
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'failed'; readonly status: number }
  | { readonly kind: 'cut_before' }
  | { readonly kind: 'cut_after' }
  | { readonly kind: 'held'; readonly arrived: () => void; readonly released: Promise<void> };

/** A fault that can be described in JSON. */
export type PlainFault = Exclude<Fault, { readonly kind: 'held' }>;

/** A call that waits at the door. */
interface HeldCall {
  /** Resolves when the call has arrived. */
  readonly arrived: Promise<void>;
  /** Lets it go on. */
  readonly release: () => void;
}

/**
 * Orders faults. Each strikes the next call of its method, once; several of one method strike in their order. `*` is any
 * method, and `response_url` an answer to an interaction.
 */
export interface SlackFaults {
  /** HTTP 429 with `Retry-After`. */
  readonly rateLimitNext: (method: string, retryAfterSeconds: number) => void;
  /** `{ ok: false, error }` with this code. */
  readonly refuseNext: (method: string, error: string) => void;
  /** An HTTP error status; the method does nothing. */
  readonly failNext: (method: string, status: number) => void;
  /** The method does its work, then the connection is cut: the caller cannot know. */
  readonly dropAfterDelivery: (method: string) => void;
  /** The connection is cut and the method does nothing. */
  readonly dropBeforeDelivery: (method: string) => void;
  /** The call waits until it is released. */
  readonly holdNext: (method: string) => HeldCall;
  /** Strikes every call of the method until `clear`, or until what it returns is called; single faults come first. */
  readonly always: (method: string, fault: PlainFault) => () => void;
  /** Forgets the faults that have not struck yet, and the lasting ones. */
  readonly clear: () => void;
}

/** The faults still to come, from the side of the server. */
export interface FaultQueue {
  readonly orders: SlackFaults;
  readonly add: (method: string, fault: Fault) => void;
  readonly take: (method: string) => Fault | undefined;
}

/** Creates a queue without faults. */
export function createFaults(): FaultQueue {
  const queues = new Map<string, Fault[]>();
  const lasting = new Map<string, PlainFault>();
  const add = (method: string, fault: Fault): void => {
    queues.set(method, [...(queues.get(method) ?? []), fault]);
  };
  const orders: SlackFaults = {
    rateLimitNext: (method, retryAfterSeconds) => add(method, { kind: 'rate_limited', retryAfterSeconds }),
    refuseNext: (method, error) => add(method, { kind: 'refused', error }),
    failNext: (method, status) => add(method, { kind: 'failed', status }),
    dropAfterDelivery: (method) => add(method, { kind: 'cut_after' }),
    dropBeforeDelivery: (method) => add(method, { kind: 'cut_before' }),
    holdNext: (method) => hold((fault) => add(method, fault)),
    always: (method, fault) => {
      lasting.set(method, fault);
      return () => lasting.delete(method);
    },
    clear: () => {
      queues.clear();
      lasting.clear();
    },
  };
  const once = (method: string) => queues.get(method)?.shift() ?? queues.get('*')?.shift();
  return { orders, add, take: (method) => once(method) ?? lasting.get(method) ?? lasting.get('*') };
}

function hold(add: (fault: Fault) => void): HeldCall {
  const arrival = Promise.withResolvers<void>();
  const freedom = Promise.withResolvers<void>();
  add({ kind: 'held', arrived: arrival.resolve, released: freedom.promise });
  return { arrived: arrival.promise, release: freedom.resolve };
}
