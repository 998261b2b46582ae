/** How long to wait, and what to say when it did not come. */
export interface WaitOptions {
  /** Milliseconds; 20,000 unless told. */
  readonly timeoutMs?: number;
}

/** Tells listeners that something in the workspace changed. */
export interface Feed {
  readonly announce: () => void;
  /** Calls the listener after every change; returns the way to stop. */
  readonly listen: (listener: () => void) => () => void;
  /**
   * Resolves with the first thing found, now or after a later change.
   * Rejects at the time-out (saying `what` was awaited and what there was) and when the feed closes.
   */
  readonly waitFor: <T>(search: Search<T>, options?: WaitOptions) => Promise<T>;
  readonly close: () => void;
}

/** Something to wait for. */
interface Search<T> {
  /** For the error: "a message in …". */
  readonly what: string;
  readonly find: () => T | undefined;
  /** What there was instead, for the error. */
  readonly seen: () => string;
}

/** Creates a feed without listeners. */
export function createFeed(): Feed {
  const listeners = new Set<() => void>();
  const closers = new Set<() => void>();
  const listen = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    announce: () => {
      for (const listener of [...listeners]) listener();
    },
    listen,
    waitFor: (search, options) => waitOn({ listen, closers }, search, options?.timeoutMs ?? 20_000),
    close: () => {
      for (const closer of [...closers]) closer();
      listeners.clear();
    },
  };
}

interface Listening {
  readonly listen: (listener: () => void) => () => void;
  readonly closers: Set<() => void>;
}

function waitOn<T>(feed: Listening, search: Search<T>, timeoutMs: number): Promise<T> {
  const found = search.find();
  if (found !== undefined) return Promise.resolve(found);
  return new Promise<T>((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      stop();
      feed.closers.delete(closed);
      finish();
    };
    const fail = (why: string): void =>
      settle(() => reject(new Error(`${why} waiting for ${search.what}. There was: ${search.seen()}`)));
    const closed = (): void => fail('The workspace closed while');
    const timer = setTimeout(() => fail(`Gave up after ${timeoutMs} ms`), timeoutMs);
    const stop = feed.listen(() => lookAgain());
    feed.closers.add(closed);
    const lookAgain = (): void => {
      try {
        const value = search.find();
        if (value !== undefined) settle(() => resolve(value));
      } catch (error) {
        settle(() => reject(error));
      }
    };
  });
}
