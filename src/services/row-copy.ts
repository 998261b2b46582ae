import { CountersignError, type Instant, type LedgerFault } from '../domain/index.ts';
import type { LogFolder } from '../evidence/index.ts';
import { type Db, digestsOfRows, ledgerTables, ROWS_A_DIGEST, type RowSpan } from '../storage/index.ts';

/** The file of the monitor's own copy with what is known of the ledger's rows. */
const FILE = 'rows';
/**
 * Another way to make the digests is another format, and so is a migration that writes the rows of the ledger anew: what
 * older ones say is then made anew.
 */
const FORMAT = 'rows/v3';

/** What was known of the ledger's rows: a leaf covers neither what a statement is filed under nor its bundle. */
export interface RowCopy {
  /** How many rows were known. */
  readonly size: number;
  /** When the ledger was last seen to have so many; null where it was not yet. */
  readonly seenAt: Instant | null;
  /** Which tables they were in (`ledgerTables`). */
  readonly tables: string;
  readonly spans: readonly RowSpan[];
  /** Indexes of statements in people's names that nobody was seen to ask for. */
  readonly unexpected: readonly number[];
}

const NOTHING: RowCopy = { size: 0, seenAt: null, tables: '', spans: [], unexpected: [] };

/**
 * Reads what was known of the rows; nothing where no tick has ended well yet.
 *
 * @throws CountersignError `integrity` for a file that is damaged
 */
export async function readRowCopy(folder: LogFolder): Promise<RowCopy> {
  const text = (await folder.read(FILE))?.toString() ?? null;
  if (text === null || !text.startsWith(`${FORMAT} `)) return NOTHING;
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const [, count, seenAt = '', tables = '', strange = ''] = head.split(' ');
  const size = Number(count);
  const spans = lines.map(spanIn);
  const rows = spans.reduce((sum, { writers }) => sum + writers.length, 0);
  if (!Number.isSafeInteger(size) || rows !== size || Number.isNaN(Date.parse(seenAt)))
    throw new CountersignError(
      'integrity',
      `what was known of the ledger's rows in ${folder.path} is damaged`,
    );
  const unexpected = strange === '' ? [] : strange.split(',').map(Number);
  return { size, seenAt: seenAt as Instant, tables, spans, unexpected };
}

function spanIn(line: string): RowSpan {
  const [digest = '', writers = ''] = line.split(' ');
  return { digest, writers: writers.split(',') };
}

/** Keeps what is known of the rows now. */
export async function writeRowCopy(
  folder: LogFolder,
  { size, seenAt, tables, spans, unexpected }: RowCopy,
): Promise<void> {
  const lines = spans.map(({ digest, writers }) => `${digest} ${writers.join(',')}`);
  const head = [FORMAT, size, seenAt, tables, unexpected.join(',')].join(' ');
  await folder.write(FILE, Buffer.from([head, ...lines, ''].join('\n')));
}

/** Whether the rows are in other tables than they were known in: then who wrote them is no longer to be compared. */
function isMoved(known: RowCopy, tables: string): boolean {
  return known.size > 0 && known.tables !== tables;
}

/** That rows are in other tables than they were known in: nobody can tell what those said meanwhile, nor who wrote these. */
export async function movedFaults(db: Db, known: RowCopy): Promise<readonly LedgerFault[]> {
  const tables = await ledgerTables(db);
  if (!isMoved(known, tables)) return [];
  const what = `it is in other tables than at the last good tick (${tables} instead of ${known.tables}): made anew, as by a restore from a dump, or renamed, if only for a while. Whoever restored it removes the file "${FILE}" of the monitor's copy, and it is known as it is then`;
  return [{ index: null, id: null, what }];
}

/** The spans of rows, by their indexes, in which something is not as it was known, or was written again. */
export async function changedRows(db: Db, known: RowCopy): Promise<[from: number, to: number][]> {
  const moved = isMoved(known, await ledgerTables(db));
  const now = await digestsOfRows(db, 0, known.size);
  return known.spans.flatMap((span, at): [number, number][] => {
    const from = at * ROWS_A_DIGEST;
    const isSame = span.digest === now[at]?.digest && (moved || `${span.writers}` === `${now[at]?.writers}`);
    return isSame ? [] : [[from, Math.min(from + ROWS_A_DIGEST, known.size)]];
  });
}

/** The index of the first row of a span that was written again since it was known; null where none was. */
export async function firstRewritten(
  db: Db,
  known: RowCopy,
  [from, to]: readonly [from: number, to: number],
): Promise<number | null> {
  if (isMoved(known, await ledgerTables(db))) return null;
  const writers = known.spans[from / ROWS_A_DIGEST]?.writers ?? [];
  const [now] = await digestsOfRows(db, from, to);
  const at = writers.findIndex((writer, index) => writer !== now?.writers[index]);
  return at === -1 ? null : from + at;
}

/** What is to be known of the rows of a ledger that has some size at a time, given what was. */
export async function grownRows(
  db: Db,
  known: RowCopy,
  to: number,
  seenAt: Instant,
): Promise<Omit<RowCopy, 'unexpected'>> {
  const tables = await ledgerTables(db);
  const whole = Math.floor(known.size / ROWS_A_DIGEST);
  const rest = await digestsOfRows(db, whole * ROWS_A_DIGEST, to);
  return { size: to, seenAt, tables, spans: [...known.spans.slice(0, whole), ...rest] };
}
