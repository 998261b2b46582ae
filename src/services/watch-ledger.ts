import type { TreeHead } from '../attestation/index.ts';
import {
  CountersignError,
  type Finding,
  type LedgerFault,
  ledgerTampered,
  type StrangeStatement,
  unexpectedSigner,
} from '../domain/index.ts';
import { type Db, ledgerHead, readAtOnce } from '../storage/index.ts';
import type { EntryFaults } from './check-entries.ts';
import type { MonitorContext } from './context.ts';
import { extendCopy, isGrownFrom, type LogCopy, readCopy } from './log-copy.ts';
import { BATCH, compareLeaves, lookAtEntries } from './look-at-entries.ts';
import { checkpointAt } from './sign-checkpoint.ts';
import { watchResignatures } from './watch-resignatures.ts';

/**
 * Holds the ledger to what was known of it: it must extend every copy, what is new must be in order, and what is old must
 * still stand as it was copied. Where it does, the monitor's own copy is brought up to date.
 */
export async function watchLedger(ctx: MonitorContext): Promise<Finding[]> {
  const { head, faults } = await readAtOnce(ctx.db, (tx) => examine(ctx, tx));
  const known = faults.tampered.length > 0 ? [] : await keep(ctx, head);
  const further = await watchResignatures(ctx);
  const [first] = [...faults.tampered, ...known, ...further].toSorted((a, b) => placeOf(a) - placeOf(b));
  return [...(first === undefined ? [] : [ledgerTampered(first)]), ...faults.strange.map(unexpectedSigner)];
}

/** Where an entry can be named, the first one is. */
function placeOf({ index }: LedgerFault): number {
  return index ?? Number.MAX_SAFE_INTEGER;
}

/** Brings the monitor's own copy up to date; the fault where the head cannot be signed. */
async function keep(ctx: MonitorContext, head: TreeHead): Promise<readonly LedgerFault[]> {
  return orFault(async () => {
    await extendCopy(ctx.db, ctx.ledgerWatch.copy, await checkpointAt(ctx, head));
    return [];
  });
}

/** What is found out by failing to read is a fault like any other. */
async function orFault(work: () => Promise<readonly LedgerFault[]>): Promise<readonly LedgerFault[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'integrity') throw error;
    return [{ index: null, id: null, what: error.message }];
  }
}

async function examine(
  ctx: MonitorContext,
  db: Db,
): Promise<{ readonly head: TreeHead; readonly faults: EntryFaults }> {
  const { copy, published } = ctx.ledgerWatch;
  const { origin } = ctx.log;
  const head = await ledgerHead(db);
  const strange: StrangeStatement[] = [];
  const tampered = await orFault(async () => {
    const own = await readCopy(copy, origin);
    const outgrown = await differenceFrom(db, own, head);
    if (outgrown.length > 0) return outgrown;
    const faults = await lookAtEntries(ctx, db, own, head);
    strange.push(...faults.strange);
    return faults.tampered;
  });
  const elsewhere: LedgerFault[] = [];
  for (const folder of published)
    elsewhere.push(...(await orFault(async () => differenceFrom(db, await readCopy(folder, origin), head))));
  return { head, faults: { tampered: [...tampered, ...elsewhere], strange } };
}

/** Nothing where the ledger extends a copy, or there is none. */
async function differenceFrom(db: Db, copy: LogCopy | null, head: TreeHead): Promise<readonly LedgerFault[]> {
  if (copy === null || (await isGrownFrom(db, copy.checkpoint, head))) return [];
  return [await firstDifference(db, copy, head)];
}

/** The first entry that differs from a copy, or that is no longer there. */
async function firstDifference(db: Db, copy: LogCopy, head: TreeHead): Promise<LedgerFault> {
  const { treeSize } = copy.checkpoint;
  for (let from = 0; from < treeSize; from += BATCH) {
    const fault = await compareLeaves(db, copy, from, Math.min(from + BATCH, treeSize));
    if (fault !== null) return fault;
  }
  const what = `its tree has ${head.treeSize} entries and another root than the ${treeSize} that were known would give`;
  return { index: null, id: null, what };
}
