import { readCheckpoint } from '../attestation/index.ts';
import {
  addToOutbox,
  claimPosting,
  findCheckpoint,
  insertCheckpoint,
  newestCheckpoint,
  type QueuedCheckpoint,
} from '../storage/index.ts';
import { showPosting } from './card-postings.ts';
import type { MonitorContext } from './context.ts';
import { extendCopy } from './log-copy.ts';

/**
 * Asks for the newest checkpoint to be published, where the ledger has grown since the last one and that was long enough
 * ago. It is one that the ledger's key signed and up to which the monitor found everything in order.
 */
export async function queueCheckpoint(ctx: MonitorContext): Promise<void> {
  const { db, clock, ledgerWatch, checkpoints } = ctx;
  if (ledgerWatch.published.length === 0 && checkpoints.channel === null) return;
  const note = ledgerWatch.signed ?? '';
  const treeSize = readCheckpoint(note)?.treeSize ?? 0;
  const last = await newestCheckpoint(db);
  const now = clock.now();
  const isSoon = last !== null && Date.parse(now) - Date.parse(last.queuedAt) < checkpoints.every;
  if (treeSize === 0 || isSoon || treeSize <= (last?.treeSize ?? 0)) return;
  await db.transaction().execute(async (tx) => {
    if (!(await insertCheckpoint(tx, { treeSize, note, queuedAt: now }))) return;
    const payload = { treeSize: String(treeSize) };
    await addToOutbox(tx, { queue: 'publishing', name: 'publish-checkpoint', payload }, now);
  });
}

/** Publishes a checkpoint everywhere; what was done before is not done again. One place that fails keeps no other from it. */
export async function publishCheckpoint(ctx: MonitorContext, treeSize: number): Promise<void> {
  const checkpoint = await findCheckpoint(ctx.db, treeSize);
  if (checkpoint === null) return;
  const done = await Promise.allSettled([
    announce(ctx, checkpoint),
    ...ctx.ledgerWatch.published.map((folder) => extendCopy(ctx.db, folder, checkpoint.note)),
  ]);
  for (const one of done) if (one.status === 'rejected') throw one.reason;
}

async function announce(ctx: MonitorContext, { treeSize, note, queuedAt }: QueuedCheckpoint): Promise<void> {
  const { channel } = ctx.checkpoints;
  if (channel === null) return;
  const claim = { id: ctx.newId(), kind: 'checkpoint', about: String(treeSize), viewDigest: null } as const;
  const { id } = await claimPosting(ctx.db, { ...claim, channel: channel.name });
  await showPosting(ctx, id, async ({ ts }) =>
    ts === null ? channel.post({ treeSize, note, since: queuedAt }) : null,
  );
}
