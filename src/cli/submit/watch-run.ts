import { setTimeout as delay } from 'node:timers/promises';
import { CountersignError } from '../../domain/index.ts';
import { SECOND } from '../../lib/index.ts';
import type { RunDescription } from '../client/answers.ts';
import type { ApiClient } from '../client/api-client.ts';

/** How often the server is asked for news. */
const INTERVAL = SECOND;

/** What a wait came to: the run as last seen, and whether anything about it is still to come. */
export interface Watched {
  readonly description: RunDescription;
  readonly settled: boolean;
}

export interface Watch {
  readonly runId: string;
  readonly environment: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  /** Told of every change. */
  readonly onChange: (description: RunDescription) => Promise<void>;
  /** Told when the server is lost, and when it is there again. */
  readonly onContact: (lost: CountersignError | null) => void;
}

/**
 * Watches a run until nothing more will come of it, or the time is up. A server that goes away for a while (a restart,
 * a new release) is waited for.
 * @throws CountersignError what the server refuses with, or `unavailable` when it never answered
 */
export async function watchRun(client: ApiClient, watch: Watch): Promise<Watched> {
  const deadline = performance.now() + watch.timeout;
  let tag: string | undefined;
  let last: RunDescription | null = null;
  let lost: CountersignError | null = null;
  for (;;) {
    const answer = await askOnce(client, watch, tag);
    if (answer instanceof CountersignError) {
      if (lost === null) watch.onContact(answer);
      lost = answer;
    } else {
      if (lost !== null) watch.onContact(null);
      lost = null;
      if (answer !== null) {
        tag = answer.tag;
        last = answer.description;
        await watch.onChange(last);
      }
    }
    if (last !== null && isSettled(last)) return { description: last, settled: true };
    const left = deadline - performance.now();
    if (left <= 0 && last !== null) return { description: last, settled: false };
    if (left <= 0) throw lost ?? new CountersignError('unavailable', 'the server told nothing of the run');
    await delay(Math.min(INTERVAL, left));
  }
}

/** A server that cannot be reached is news too, and no reason to give up. */
async function askOnce(client: ApiClient, { runId, environment }: Watch, tag: string | undefined) {
  const query = {
    ...(environment === undefined ? {} : { environment }),
    ...(tag === undefined ? {} : { tag }),
  };
  return client.describeRun(runId, query).catch((error: unknown) => {
    if (error instanceof CountersignError && error.code === 'unavailable') return error;
    throw error;
  });
}

/** Whether nothing more will come of a run by itself. */
function isSettled({ run, approval }: RunDescription): boolean {
  if (run.state === 'completed' || run.state === 'failed') return true;
  return approval !== null && approval.state !== 'pending';
}
