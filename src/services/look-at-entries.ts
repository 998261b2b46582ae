import {
  type CompactRange,
  emptyRange,
  growRange,
  type HashedNode,
  readRange,
  rootOf,
  type TreeHash,
  type TreeHead,
} from '../attestation/index.ts';
import type { LedgerFault } from '../domain/index.ts';
import {
  type Db,
  entryBeyond,
  firingOfKinds,
  nodesIn,
  readEntries,
  readStatements,
} from '../storage/index.ts';
import { catalogueFaults, lostFaults } from './catalogue-faults.ts';
import { checkEntries, type EntryFaults, firstAltered } from './check-entries.ts';
import type { MonitorContext } from './context.ts';
import { outOfOrder, outOfTime } from './entry-times.ts';
import type { LogCopy } from './log-copy.ts';
import { changedRows, firstRewritten, movedFaults, type RowCopy } from './row-copy.ts';

/** How many entries are looked at again in a tick: their leaves, and as a whole. Of smaller ledgers all. */
const LEAVES_A_TICK = 16_384;
const WHOLE_A_TICK = 1_024;
/** How many entries are read at a time. */
export const BATCH = 256;

/** What differs from a copy in a tile's span of the tree: the first entry, or a hash above the leaves. */
async function compareTile(db: Db, copy: LogCopy, [from, to]: Span): Promise<LedgerFault | null> {
  const fault = await compareLeaves(db, copy, from, to);
  if (fault !== null) return fault;
  const leaves = await copy.nodes(leavesOf(from, to));
  const expected = leaves.reduce(extended, { range: emptyRange(), nodes: [] }).nodes;
  const nodes = expected.map(({ level, index }) => ({ level, index: index + from / 2 ** level }));
  const hashes = await nodesIn(db)(nodes);
  return expected.every(({ hash }, at) => hash === hashes[at])
    ? null
    : { index: null, id: null, what: `a hash of its tree over the entries ${from} to ${to - 1} was changed` };
}

interface Grown {
  readonly range: CompactRange;
  readonly nodes: readonly HashedNode[];
}

function extended({ range, nodes }: Grown, leaf: TreeHash): Grown {
  const grown = growRange(range, leaf);
  return { range: grown.range, nodes: [...nodes, ...grown.nodes] };
}

/** The first entry of a span whose leaf is not the one that was copied. */
export async function compareLeaves(
  db: Db,
  { nodes }: LogCopy,
  from: number,
  to: number,
): Promise<LedgerFault | null> {
  const leaves = await nodes(leavesOf(from, to));
  return firstAltered(from, await readEntries(db, from, to), leaves);
}

function tampered(faults: readonly LedgerFault[]): EntryFaults {
  return { tampered: faults, strange: [] };
}

/** What was copied of the ledger. */
export interface Copies {
  /** Its tree; null where nothing was copied yet. */
  readonly tree: LogCopy | null;
  readonly rows: RowCopy;
}

/** What is new, what of the old is not as it was, some of what is, and what was found wrong before. */
export async function lookAtEntries(
  ctx: MonitorContext,
  db: Db,
  copies: Copies,
  head: TreeHead,
): Promise<EntryFaults> {
  const { tree: copy } = copies;
  const known = knownOf(copies);
  const { next } = ctx.ledgerWatch;
  const suspected = await suspects(db, head.treeSize);
  const faults = [await lookAtNews(ctx, db, copies, head)];
  for (const [from, to] of [...suspected, ...round(next.whole, WHOLE_A_TICK, known)])
    faults.push(await checkEntries(ctx, db, await readStatements(db, from, to)));
  for (const [from, to] of suspected.filter(([at]) => at < known)) {
    const fault = copy && (await compareLeaves(db, copy, from, to));
    if (fault !== null) faults.push(tampered([fault]));
  }
  for (const span of round(next.leaf, LEAVES_A_TICK, known)) {
    const fault = copy && (await compareTile(db, copy, span));
    if (fault !== null) faults.push(tampered([fault]));
  }
  next.whole = advanced(next.whole, WHOLE_A_TICK, known);
  next.leaf = advanced(next.leaf, LEAVES_A_TICK, known);
  return together(faults);
}

function knownOf({ tree, rows }: Copies): number {
  return Math.min(tree?.checkpoint.treeSize ?? 0, rows.size);
}

/** What is new, and what of the old is not as it was. */
export async function lookAtNews(
  ctx: Pick<MonitorContext, 'trust' | 'verifier' | 'clock'>,
  db: Db,
  copies: Copies,
  head: TreeHead,
): Promise<EntryFaults> {
  const known = knownOf(copies);
  const faults = [
    tampered(await newFaults(db, copies.tree, head)),
    tampered(await outOfOrder(db, known)),
    tampered(await outOfTime(ctx, db, copies.rows)),
  ];
  for (const span of await changedRows(db, copies.rows)) faults.push(await changesIn(ctx, db, copies, span));
  for (const [from, to] of batches(known, head.treeSize))
    faults.push(await checkEntries(ctx, db, await readStatements(db, from, to)));
  faults.push(tampered(await catalogueFaults(db)), tampered(await movedFaults(db, copies.rows)));
  faults.push(tampered(await lostFaults(db)));
  return together(faults);
}

/** What is wrong with rows that are not as they were known: something is, even where each looks right by itself. */
async function changesIn(
  ctx: Pick<MonitorContext, 'trust' | 'verifier'>,
  db: Db,
  { tree: copy, rows }: Copies,
  [from, to]: Span,
): Promise<EntryFaults> {
  const leaf = copy && (await compareLeaves(db, copy, from, Math.min(to, copy.checkpoint.treeSize)));
  if (leaf !== null) return tampered([leaf]);
  const entries = await readStatements(db, from, to);
  const faults = await checkEntries(ctx, db, entries);
  if (faults.tampered.length > 0) return faults;
  const index = await firstRewritten(db, rows, [from, to]);
  const id = entries.find((entry) => entry.index === index)?.id ?? null;
  const what =
    index === null
      ? `the entries ${from} to ${to - 1} are not stored as they were when they were recorded`
      : 'the entry was written again since it was recorded, whatever it says now';
  return { tampered: [{ index, id, what }], strange: faults.strange };
}

/** Each entry once: of one that was altered nothing else is to be said. */
function together(faults: readonly EntryFaults[]): EntryFaults {
  const altered = faults.flatMap((fault) => fault.tampered);
  const strange = faults.flatMap((fault) => fault.strange);
  const rest = strange.filter(({ index }) => altered.every((fault) => fault.index !== index));
  return { tampered: altered, strange: [...new Map(rest.map((one) => [one.index, one])).values()] };
}

type Span = readonly [from: number, to: number];

function batches(from: number, to: number): Span[] {
  const count = Math.max(0, Math.ceil((to - from) / BATCH));
  return Array.from({ length: count }, (_, at) => [from + at * BATCH, Math.min(from + (at + 1) * BATCH, to)]);
}

/** The next part of the known entries. */
function round(from: number, length: number, known: number): Span[] {
  const start = from < known ? from : 0;
  return batches(start, Math.min(start + length, known));
}

function advanced(from: number, length: number, known: number): number {
  const start = from < known ? from : 0;
  return start + length < known ? start + length : 0;
}

/** Findings that name an entry. */
const LEDGER_KINDS = ['ledger_tampered', 'unexpected_signer', 'unexpected_decision'] as const;

/** What a finding names is looked at in each tick: a finding ends when that is right again, and not before. */
async function suspects(db: Db, treeSize: number): Promise<Span[]> {
  const firing = await firingOfKinds(db, LEDGER_KINDS);
  const indexes = firing.flatMap(({ finding }) => finding.entry?.index ?? []);
  return indexes.filter((index) => index < treeSize).map((index) => [index, index + 1]);
}

/** Whether what is new gives the head's root, and nothing stands behind the head. */
async function newFaults(db: Db, copy: LogCopy | null, head: TreeHead): Promise<readonly LedgerFault[]> {
  const known = copy?.checkpoint.treeSize ?? 0;
  const beyond = await entryBeyond(db, head.treeSize);
  if (beyond !== null)
    return [{ index: beyond.index, id: beyond.id, what: 'it stands behind the head of the tree' }];
  let range: CompactRange = {
    size: known,
    hashes: copy === null ? [] : await readRange(known, copy.nodes),
  };
  for (const [from, to] of batches(known, head.treeSize)) {
    const entries = await readEntries(db, from, to);
    const leaves = await nodesIn(db)(leavesOf(from, to));
    const fault = firstAltered(from, entries, leaves);
    if (fault !== null) return [fault];
    range = leaves.reduce((grown: CompactRange, leaf: TreeHash) => growRange(grown, leaf).range, range);
  }
  if (rootOf(range) === head.root && (await rootIn(db, head)) === head.root) return [];
  return [{ index: null, id: null, what: 'its entries do not give the root of its tree' }];
}

async function rootIn(db: Db, { treeSize }: TreeHead): Promise<TreeHash> {
  return rootOf({ size: treeSize, hashes: await readRange(treeSize, nodesIn(db)) });
}

function leavesOf(from: number, to: number) {
  return Array.from({ length: to - from }, (_, at) => ({ level: 0, index: from + at }));
}
