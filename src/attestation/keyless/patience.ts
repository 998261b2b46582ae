import { setTimeout as wait } from 'node:timers/promises';
import { unsigned } from './failure.ts';

/**
 * Waits for a signature no longer than the work that needs it can: with it wait a transaction, and whoever clicked. What
 * comes later is not used.
 *
 * @param patience milliseconds
 * @throws CountersignError `unavailable` when they are over
 */
export async function withPatience<T>(patience: number, signing: Promise<T>): Promise<T> {
  const done = new AbortController();
  const over = wait(patience, undefined, { signal: done.signal }).then(() => {
    throw unsigned(
      `Fulcio, Rekor and the timestamp authority together took longer than ${patience / 1000} s`,
      'try again; see signing.sigstore, and what lies between',
    );
  });
  try {
    return await Promise.race([signing, over]);
  } finally {
    done.abort();
  }
}
