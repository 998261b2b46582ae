/** What goes wrong with one Web API call. */
export type Fault =
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'failed'; readonly status: number }
  | { readonly kind: 'cut_before' }
  | { readonly kind: 'cut_after' }
  | { readonly kind: 'held'; readonly arrived: () => void; readonly released: Promise<void> };

/** A call that waits at the door. */
interface HeldCall {
  /** Resolves when the call has arrived. */
  readonly arrived: Promise<void>;
  /** Lets it go on. */
  readonly release: () => void;
}

/** Orders faults. Each strikes the next call of its method, once; several of one method strike in their order. `*` is any method. */
export interface SlackFaults {
  /** HTTP 429 with `Retry-After`. */
  readonly rateLimitNext: (method: string, retryAfterSeconds: number) => void;
  /** An HTTP error status; the method does nothing. */
  readonly failNext: (method: string, status: number) => void;
  /** The method does its work, then the connection is cut: the caller cannot know. */
  readonly dropAfterDelivery: (method: string) => void;
  /** The connection is cut and the method does nothing. */
  readonly dropBeforeDelivery: (method: string) => void;
  /** The call waits until it is released. */
  readonly holdNext: (method: string) => HeldCall;
  /** Forgets the faults that have not struck yet. */
  readonly clear: () => void;
}

/** The faults still to come, from the side of the server. */
export interface FaultQueue {
  readonly orders: SlackFaults;
  readonly take: (method: string) => Fault | undefined;
}

/** Creates a queue without faults. */
export function createFaults(): FaultQueue {
  const queues = new Map<string, Fault[]>();
  const add = (method: string, fault: Fault): void => {
    queues.set(method, [...(queues.get(method) ?? []), fault]);
  };
  const orders: SlackFaults = {
    rateLimitNext: (method, retryAfterSeconds) => add(method, { kind: 'rate_limited', retryAfterSeconds }),
    failNext: (method, status) => add(method, { kind: 'failed', status }),
    dropAfterDelivery: (method) => add(method, { kind: 'cut_after' }),
    dropBeforeDelivery: (method) => add(method, { kind: 'cut_before' }),
    holdNext: (method) => hold((fault) => add(method, fault)),
    clear: () => queues.clear(),
  };
  return { orders, take: (method) => queues.get(method)?.shift() ?? queues.get('*')?.shift() };
}

function hold(add: (fault: Fault) => void): HeldCall {
  const arrival = Promise.withResolvers<void>();
  const freedom = Promise.withResolvers<void>();
  add({ kind: 'held', arrived: arrival.resolve, released: freedom.promise });
  return { arrived: arrival.promise, release: freedom.resolve };
}
