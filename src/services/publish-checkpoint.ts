import { readCheckpoint } from '../attestation/index.ts';
import { CountersignError } from '../domain/index.ts';
import {
  addToOutbox,
  claimPosting,
  findCheckpoint,
  insertCheckpoint,
  ledgerHead,
  newestCheckpoint,
  type QueuedCheckpoint,
} from '../storage/index.ts';
import { showPosting } from './card-postings.ts';
import type { MonitorContext } from './context.ts';
import { believedCheckpoint } from './hear-head.ts';
import { extendCopy, isGrownFrom } from './log-copy.ts';
import { noteSize } from './size-noted.ts';

/**
 * Asks for the newest checkpoint to be published, where the ledger has grown since the last one and that was long enough
 * ago. It is one that the ledger's key signed and up to which the monitor found everything in order.
 */
export async function queueCheckpoint(ctx: MonitorContext): Promise<void> {
  const { db, clock, ledgerWatch, checkpoints } = ctx;
  if (ledgerWatch.published.length === 0 && checkpoints.channel === null) return;
  const note = ledgerWatch.signed ?? '';
  const treeSize = readCheckpoint(note)?.treeSize ?? 0;
  const now = clock.now();
  // What somebody wrote there of a larger ledger or of a time to come keeps nothing from being published.
  const last = await newestCheckpoint(db, { treeSize, queuedAt: now });
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
  await demandSigned(ctx, checkpoint);
  const done = await Promise.allSettled([
    announce(ctx, checkpoint),
    ...ctx.ledgerWatch.published.map((folder) => extendCopy(ctx.db, folder, checkpoint.note)),
  ]);
  for (const one of done) if (one.status === 'rejected') throw one.reason;
}

/**
 * Whoever may write to the database could put another note there.
 * @throws CountersignError `integrity`
 */
async function demandSigned(ctx: MonitorContext, { treeSize, note }: QueuedCheckpoint): Promise<void> {
  const signed = believedCheckpoint(ctx, note);
  const head = await ledgerHead(ctx.db);
  if (signed?.treeSize === treeSize && (await isGrownFrom(ctx.db, signed, head))) return;
  throw new CountersignError(
    'integrity',
    `the checkpoint of ${treeSize} entries is not published: what stands in the table checkpoints is not signed by the ledger's key, or is not of the ledger as it is`,
  );
}

async function announce(ctx: MonitorContext, { treeSize, note, queuedAt }: QueuedCheckpoint): Promise<void> {
  const { channel } = ctx.checkpoints;
  if (channel === null) return;
  const claim = { id: ctx.newId(), kind: 'checkpoint', about: String(treeSize), viewDigest: null } as const;
  const { id } = await claimPosting(ctx.db, { ...claim, channel: channel.name });
  const { copy } = ctx.ledgerWatch;
  await showPosting(ctx, id, async ({ ts }) => {
    if (ts !== null) return null;
    const posted = await channel.post({ treeSize, note, since: queuedAt });
    await noteSize(copy, 'announced', treeSize);
    return posted;
  });
}
