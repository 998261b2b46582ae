import { CountersignError } from '../domain/index.ts';
import type { LogFolder } from '../evidence/index.ts';
import { type Db, digestsOfRows, ROWS_A_DIGEST } from '../storage/index.ts';

/** The file of the monitor's own copy with the digests of the ledger's rows. */
const FILE = 'rows';
/** Another way to make the digests is another format: what older ones say is then made anew. */
const FORMAT = 'rows/v1';

/** What was known of the ledger's rows: a leaf covers neither what a statement is filed under nor its bundle. */
export interface RowCopy {
  /** How many rows were known. */
  readonly size: number;
  readonly digests: readonly string[];
}

const NOTHING: RowCopy = { size: 0, digests: [] };

/**
 * Reads what was known of the rows; nothing where no tick has ended well yet.
 *
 * @throws CountersignError `integrity` for a file that is damaged
 */
export async function readRowCopy(folder: LogFolder): Promise<RowCopy> {
  const text = (await folder.read(FILE))?.toString() ?? null;
  if (text === null || !text.startsWith(`${FORMAT} `)) return NOTHING;
  const [head = '', ...digests] = text.trimEnd().split('\n');
  const size = Number(head.slice(FORMAT.length));
  if (!Number.isSafeInteger(size) || digests.length !== Math.ceil(size / ROWS_A_DIGEST))
    throw new CountersignError(
      'integrity',
      `what was known of the ledger's rows in ${folder.path} is damaged`,
    );
  return { size, digests };
}

/** Keeps what is known of the rows now. */
export async function writeRowCopy(folder: LogFolder, { size, digests }: RowCopy): Promise<void> {
  await folder.write(FILE, Buffer.from([`${FORMAT} ${size}`, ...digests, ''].join('\n')));
}

/** The spans of rows, by their indexes, in which something is not as it was known. */
export async function changedRows(db: Db, { size, digests }: RowCopy): Promise<[from: number, to: number][]> {
  const now = await digestsOfRows(db, 0, size);
  return digests.flatMap((digest, at): [number, number][] => {
    const from = at * ROWS_A_DIGEST;
    return now[at] === digest ? [] : [[from, Math.min(from + ROWS_A_DIGEST, size)]];
  });
}

/** What is to be known of the rows of a ledger of some size, given what was. */
export async function grownRows(db: Db, { size, digests }: RowCopy, to: number): Promise<RowCopy> {
  const whole = Math.floor(size / ROWS_A_DIGEST);
  const rest = await digestsOfRows(db, whole * ROWS_A_DIGEST, to);
  return { size: to, digests: [...digests.slice(0, whole), ...rest] };
}
