import type { TreeHead } from '../attestation/index.ts';
import {
  CountersignError,
  type Finding,
  type LedgerFault,
  ledgerTampered,
  type StrangeStatement,
  unexpectedDecision,
  unexpectedSigner,
} from '../domain/index.ts';
import { type Appended, type Db, ledgerHead, readAtOnce } from '../storage/index.ts';
import type { EntryFaults } from './check-entries.ts';
import type { MonitorContext } from './context.ts';
import { isGarbled } from './garbled.ts';
import { hearHead } from './hear-head.ts';
import { extendCopy, isGrownFrom, type LogCopy, readCopy } from './log-copy.ts';
import { BATCH, compareLeaves, lookAtEntries } from './look-at-entries.ts';
import { missingOf } from './missing-of.ts';
import { overdueCheckpoints } from './overdue-checkpoints.ts';
import { grownRows, type RowCopy, readRowCopy, writeRowCopy } from './row-copy.ts';
import { unexpectedDecisions } from './unexpected-decisions.ts';
import { watchResignatures } from './watch-resignatures.ts';

/**
 * Holds the ledger to what was known of it: it must extend every copy, what is new must be in order, and what is old must
 * still stand as it was copied. Where it does, the monitor's own copy is brought up to date. A ledger that cannot be read
 * for what stands in it is a finding too, so that no row can silence the monitor.
 */
export async function watchLedger(ctx: MonitorContext): Promise<readonly Finding[]> {
  const strange: Finding[] = [];
  // Told before the ledger is read: what was appended by then is in what is read.
  const appended: Appended[] = [];
  const untold = await orFault(async () => {
    appended.push(...(await ctx.ledgerWatch.appended()));
    return [];
  });
  const faults = await orFault(async () => {
    const seen = await readAtOnce(ctx.db, (tx) => examine(ctx, tx, appended));
    strange.push(...seen.faults.strange.map(unexpectedSigner), ...seen.unexpected.map(unexpectedDecision));
    if (seen.faults.tampered.length > 0) return seen.faults.tampered;
    const kept = await keep(ctx, seen);
    strange.push(...(await overdueCheckpoints(ctx, seen.head, seen.published)));
    return kept;
  });
  const further = [...untold, ...(await orFault(() => watchResignatures(ctx)))];
  const [first] = [...faults, ...further].toSorted((a, b) => placeOf(a) - placeOf(b));
  const tampered = first === undefined ? [] : [ledgerTampered(first)];
  return [...tampered, ...strange];
}

/** Where an entry can be named, the first one is. */
function placeOf({ index }: LedgerFault): number {
  return index ?? Number.MAX_SAFE_INTEGER;
}

/** Brings the monitor's own copy up to date, signed for its own use. */
async function keep(
  { db, log, ledgerSigner, ledgerWatch }: MonitorContext,
  { head, rows, signed }: Seen,
): Promise<readonly LedgerFault[]> {
  return orFault(async () => {
    const note = await ledgerSigner.signCheckpoint({ origin: log.origin, ...head });
    await extendCopy(db, ledgerWatch.copy, note);
    if (rows !== null) await writeRowCopy(ledgerWatch.copy, rows);
    ledgerWatch.signed = signed;
    return [];
  });
}

/** What is found out by failing to read is a fault like any other. */
async function orFault(work: () => Promise<readonly LedgerFault[]>): Promise<readonly LedgerFault[]> {
  try {
    return await work();
  } catch (error) {
    if (!isGarbled(error)) throw error;
    const what = error instanceof CountersignError ? error.message : `it cannot be read: ${error.message}`;
    return [{ index: null, id: null, what: what.slice(0, 500) }];
  }
}

/** What a tick saw of the ledger, at one instant. */
interface Seen {
  readonly head: TreeHead;
  readonly faults: EntryFaults;
  /** What is to be known of the rows from now on; null where it could not be told. */
  readonly rows: RowCopy | null;
  readonly unexpected: readonly StrangeStatement[];
  /** The head that the ledger's key signed last; null where none counts. */
  readonly signed: string | null;
  /** The sizes of the copies that are published, by where they lie. */
  readonly published: ReadonlyMap<string, number>;
}

async function examine(ctx: MonitorContext, db: Db, appended: readonly Appended[]): Promise<Seen> {
  const { copy, published } = ctx.ledgerWatch;
  const { origin } = ctx.log;
  const now = ctx.clock.now();
  const head = await ledgerHead(db);
  const strange: StrangeStatement[] = [];
  let rows: RowCopy | null = null;
  const unexpected: StrangeStatement[] = [];
  const tampered = await orFault(async () => {
    const known = { tree: await readCopy(copy, origin), rows: await readRowCopy(copy) };
    const outgrown = await differenceFrom(db, known.tree, head);
    if (outgrown.length > 0) return outgrown;
    const faults = await lookAtEntries(ctx, db, known, head);
    strange.push(...faults.strange);
    unexpected.push(...(await unexpectedDecisions(ctx, db, known.rows)));
    const grown = await grownRows(db, known.rows, head.treeSize, now);
    rows = { ...grown, unexpected: unexpected.map(({ index }) => index) };
    return faults.tampered;
  });
  let signed: string | null = null;
  const elsewhere = [
    ...(await missingOf(db, appended)),
    ...(await orFault(async () => {
      const heard = await hearHead(ctx, db, head);
      signed = heard.note;
      return heard.faults;
    })),
  ];
  const sizes = new Map<string, number>();
  for (const folder of published) {
    const differing = orFault(async () => {
      const known = await readCopy(folder, origin);
      sizes.set(folder.path, known?.checkpoint.treeSize ?? 0);
      return differenceFrom(db, known, head);
    });
    elsewhere.push(...(await differing));
  }
  const faults = { tampered: [...tampered, ...elsewhere], strange };
  return { head, faults, rows, unexpected, signed, published: sizes };
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
