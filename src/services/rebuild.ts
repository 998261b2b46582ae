import { openVerifier, readCheckpoint } from '../attestation/index.ts';
import type { CheckpointMemory } from '../domain/index.ts';
import { type RebuildWish, type Rebuilt, rebuildTables } from '../storage/index.ts';
import type { BaseContext, TrustContext } from './context.ts';
import { peopleNow } from './people-now.ts';

/** What a rebuild needs: no key, for it signs nothing. */
export type RebuildContext = Omit<BaseContext, 'newId'> &
  Pick<TrustContext, 'trust' | 'directory'> & {
    /** The newest checkpoint that the ledger's key signed, where it is kept on this machine. */
    readonly memory: CheckpointMemory;
  };

/** What a rebuild is to do, and whom it tells. */
export type RebuildOptions = Pick<
  RebuildWish,
  'check' | 'removeRefused' | 'onProgress' | 'onRefused' | 'onDifference'
>;

/**
 * Derives every table that can be derived from the ledger's statements alone, compares, and puts right what differs.
 *
 * @throws CountersignError `integrity` where the ledger's entries are not those that were signed; `conflict` where the
 *   service changed a row meanwhile. Nothing is changed then
 */
export async function rebuild(ctx: RebuildContext, options: RebuildOptions): Promise<Rebuilt> {
  const { db, clock, trust, memory } = ctx;
  return rebuildTables(db, {
    ...options,
    trust,
    people: await peopleNow(ctx),
    verifier: await openVerifier(trust.policy),
    signed: readCheckpoint((await memory.read()) ?? ''),
    now: clock.now(),
  });
}
