import { SECOND } from '../lib/index.ts';

/** What work ends with that a signal interrupted. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/** One press of Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const ECHO = SECOND;

/**
 * Aborts at the first SIGINT or SIGTERM, with an `Interruption` as the reason, so that whoever listens can end in order.
 * Whoever is asked once more does so at once, with status 1. Call it before anything is started.
 */
export function onInterruption(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const take = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      first = now;
      controller.abort(new Interruption(signal));
    } else if (now - first > ECHO) process.exit(1);
  };
  process.on('SIGINT', take);
  process.on('SIGTERM', take);
  return controller.signal;
}

/** Resolves when the signal aborts, with its reason. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return Promise.resolve(signal.reason);
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true }),
  );
}

/** The work, unless the signal aborts before it has ended. @throws the signal's reason */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const given = await Promise.race([work.then((value) => ({ value })), aborted(signal).then(() => null)]);
  if (given !== null) return given.value;
  throw signal.reason;
}
