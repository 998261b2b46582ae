import { readCheckpoint, type TreeHead } from '../attestation/index.ts';
import { checkpointOverdue, type Finding } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import type { MonitorContext } from './context.ts';
import { noteSize, sizeNoted } from './size-noted.ts';

/** Within which time a head is signed, and one that is due is published: both take seconds. */
const PATIENCE = 5 * MINUTE;

/** Up to which size of the tree something was done last. */
interface Done {
  /** By whom or where, for people and to tell it from others. */
  readonly what: string;
  readonly treeSize: number;
  /** Up to which it should have been. */
  readonly wanted: number;
  /** Milliseconds that it may take. */
  readonly patience: number;
}

/**
 * What of the ledger's growth is neither signed nor published in time. Whoever stops that keeps others from proving later what
 * the ledger held, so the monitor goes by what it has seen itself, and not by what the database says was done.
 */
export async function overdueCheckpoints(
  ctx: Pick<MonitorContext, 'ledgerWatch' | 'checkpoints' | 'clock'>,
  { treeSize: wanted }: TreeHead,
  published: ReadonlyMap<string, number>,
): Promise<Finding[]> {
  const { ledgerWatch, checkpoints, clock } = ctx;
  const { copy } = ledgerWatch;
  await noteSize(copy, 'signed', sizeOf(ledgerWatch.signed));
  const signed = await sizeNoted(copy, 'signed');
  const toSign: Done = { what: "signed by the ledger's key", treeSize: signed, wanted, patience: PATIENCE };
  const places = new Map([...published].map(([place, treeSize]) => [`published in ${place}`, treeSize]));
  const { channel } = checkpoints;
  const announced = channel === null ? 0 : await sizeNoted(copy, 'announced');
  if (channel !== null) places.set(`announced in ${channel.name}`, announced);
  const patience = checkpoints.every + PATIENCE;
  const toPublish = [...places].map(([what, treeSize]) => ({ what, treeSize, wanted: signed, patience }));
  // Where it never was done there is nothing to go by.
  const all = [toSign, ...toPublish].filter(({ treeSize }) => treeSize > 0);
  return all.flatMap((done) => overdue(ledgerWatch.behind, done, clock.now()));
}

function sizeOf(note: string | null): number {
  return note === null ? 0 : (readCheckpoint(note)?.treeSize ?? 0);
}

/** It is behind from when it was first seen to lack something until it has that; what came later has its own time. */
function overdue(
  behind: MonitorContext['ledgerWatch']['behind'],
  { what, treeSize, wanted, patience }: Done,
  now: string,
): Finding[] {
  const known = behind.get(what);
  if (treeSize >= wanted) behind.delete(what);
  else if (known === undefined || treeSize >= known.treeSize)
    behind.set(what, { treeSize: wanted, since: now });
  const lacking = behind.get(what);
  if (lacking === undefined || later(lacking.since, patience) > now) return [];
  return [checkpointOverdue({ what, treeSize, ...{ wanted: lacking.treeSize, since: lacking.since } })];
}
