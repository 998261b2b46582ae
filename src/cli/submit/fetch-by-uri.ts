import { setTimeout as pause } from 'node:timers/promises';
import { CountersignError, type Digest } from '../../domain/index.ts';
import { MINUTE, SECOND } from '../../lib/index.ts';
import type { FetchAnswer } from '../client/answers.ts';
import type { ApiClient } from '../client/api-client.ts';
import { bytesText, percentText } from './bytes.ts';
import type { Progress, Step } from './progress.ts';

/** Looks that fail, one after the other, before it is given up. */
const ATTEMPTS = 30;

/**
 * Has the server fetch an artifact and waits for the end of that. What could not be had is told, and submitted all the same where it
 * is known by its digest.
 *
 * @throws CountersignError `digest_mismatch`; `unavailable` where nothing fetches, or nothing is known of the artifact
 */
export async function fetchByUri(
  client: ApiClient,
  { uri, digest }: { readonly uri: string; readonly digest: Digest | null },
  progress: Progress,
): Promise<{ readonly fetch: string }> {
  const step = progress.begin(`fetching ${uri}`, { announce: true });
  const asked = await client.requestFetch({ uri, ...(digest === null ? {} : { digest }) });
  const { id, artifact, failure, bytes } = await settled(client, asked, step);
  if (failure === null) await step.done(`fetched ${uri}: ${artifact?.digest} (${bytesText(bytes)})`);
  else await step.fail(`${uri} was not fetched: ${failure.message}`);
  return { fetch: id };
}

async function settled(client: ApiClient, asked: FetchAnswer, step: Step): Promise<FetchAnswer> {
  let [fetch, failures, waits] = [asked, 0, 0];
  while (fetch.state === 'queued' || fetch.state === 'running') {
    if (fetch.state === 'queued' && waits++ * SECOND > 10 * MINUTE)
      throw new CountersignError(
        'unavailable',
        'nothing takes up the fetch: is a process with the surface fetcher running?',
      );
    step.note(fetch.total === null ? bytesText(fetch.bytes) : percentText(fetch.bytes, fetch.total));
    await pause(Math.min(SECOND, 100 * 2 ** waits));
    try {
      fetch = await client.showFetch(fetch.id);
      failures = 0;
    } catch (error) {
      const isPassing = error instanceof CountersignError && error.code === 'unavailable';
      if (!isPassing || ++failures === ATTEMPTS) throw error;
    }
  }
  return fetch;
}
