import { setTimeout as wait } from 'node:timers/promises';
import { CountersignError } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import {
  type AnsweredArrival,
  type InboxRow,
  insertInboxWithJobs,
  isSilence,
  UnansweredError,
} from '../storage/index.ts';
import { isSealed, type SealContext, sealOf } from './arrival-seal.ts';
import type { BaseContext } from './context.ts';
import { arrivalOf, type ReceivedAction } from './receive-action.ts';

/** Where actions are stored as they arrive, before they are acknowledged. */
export interface Inbox {
  /**
   * Stores an action; the job that answers it commits with it, so that no click is lost to a restart. One that was
   * received before changes nothing.
   *
   * @throws UnansweredError where nobody knows whether it was stored
   */
  receive(action: ReceivedAction): Promise<void>;
  /** Whether what is stored is what an inbox with this key received: nobody else can make it so, the database's owner neither. */
  hasReceived(row: InboxRow): boolean;
  /** Resolves once no action waits to be stored, or after a while all the same: for work that can wait. */
  quiet(): Promise<void>;
}

/** Whether nobody knows if something was stored, because the database broke off. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof UnansweredError;
}

/** Stored together at most. */
const BATCH = 200;
/** For how long work waits at most: an action that waits for longer was given up by Slack. */
const LONGEST_STORM = 3 * SECOND;

interface Waiting {
  readonly arrival: AnsweredArrival;
  readonly stored: PromiseWithResolvers<void>;
}

/**
 * Makes an inbox. What arrives while others are being stored is stored together, in one statement: a thousand clicks at
 * once take a few, on a connection for which no other work competes where `db` is the inbox's own.
 */
export function createInbox(ctx: BaseContext & SealContext): Inbox {
  const waiting: Waiting[] = [];
  let storing: Promise<void> | null = null;
  const storeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const silence = await store(ctx, waiting.splice(0, BATCH));
      // Slack waits no longer for what has waited behind it, and none of that was sent.
      if (silence !== null) for (const { stored } of waiting.splice(0)) stored.reject(notSent(silence));
    }
    storing = null;
  };
  return {
    receive: (action) => {
      const taken = arrivalOf(ctx, 'slack', action);
      const arrival = { ...taken, seal: sealOf(ctx, taken) };
      const one = { arrival, stored: Promise.withResolvers<void>() };
      waiting.push(one);
      storing ??= storeAll();
      return one.stored.promise;
    },
    hasReceived: (row) => isSealed(ctx, row),
    quiet: async () => {
      if (storing !== null) await Promise.race([storing, wait(LONGEST_STORM, undefined, { ref: false })]);
    },
  };
}

function notSent(cause: unknown): CountersignError {
  return new CountersignError('unavailable', 'the database does not answer', { cause });
}

/**
 * What may have been stored in spite of an error is stored again: that changes nothing. One alone fails alone. Returns
 * the error where the database says nothing at all: then nothing is tried again.
 */
async function store({ db }: BaseContext, batch: readonly Waiting[]): Promise<Error | null> {
  try {
    await insertInboxWithJobs(
      db,
      batch.map(({ arrival }) => arrival),
    );
    for (const { stored } of batch) stored.resolve();
    return null;
  } catch (error) {
    if (isSilence(error)) {
      for (const { stored } of batch) stored.reject(error);
      return error;
    }
    await Promise.all(
      batch.map(({ arrival, stored }) =>
        insertInboxWithJobs(db, [arrival]).then(stored.resolve, stored.reject),
      ),
    );
    return null;
  }
}
