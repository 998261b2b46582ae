import { digestOfJson, type LedgerFault } from '../domain/index.ts';
import { allResignatures, type Db, type Resignature } from '../storage/index.ts';
import type { MonitorContext } from './context.ts';

/** The file of the monitor's own copy in which signatures that were given again are remembered, a line each. */
const FILE = 'resignatures';

/**
 * Signatures that are given again stand beside the tree, for a leaf says which key signed first. So each is remembered
 * outside of the database from the tick on that found it good: one that is gone later, or another one, is a fault.
 */
export async function watchResignatures(ctx: MonitorContext): Promise<readonly LedgerFault[]> {
  const { faults, known, fresh } = await lookAtResignatures(ctx, ctx.db);
  if (faults.length === 0 && fresh.length > 0)
    await ctx.ledgerWatch.copy.write(FILE, Buffer.from([...known, ...fresh, ''].join('\n')));
  return faults;
}

interface Look {
  readonly faults: readonly LedgerFault[];
  /** What is remembered, a line each, and what would be from now on. */
  readonly known: readonly string[];
  readonly fresh: readonly string[];
}

/** Holds the signatures that were given again to what is remembered of them, and remembers nothing. */
export async function lookAtResignatures(
  ctx: Pick<MonitorContext, 'verifier' | 'ledgerWatch'>,
  db: Db,
): Promise<Look> {
  const known = (await ctx.ledgerWatch.copy.read(FILE))?.toString().split('\n').filter(Boolean) ?? [];
  const stored = new Map((await allResignatures(db)).map((row) => [lineOf(row), row]));
  const lost = known.filter((line) => !stored.has(line));
  const remembered = new Set(known);
  const fresh = [...stored].filter(([line]) => !remembered.has(line));
  const faults = [
    ...lost.map((line) => fault(line, 'was removed, or is another one than it was')),
    ...fresh.filter(([, row]) => !isGood(ctx, row)).map(([line]) => fault(line, 'does not verify')),
  ];
  return { faults, known, fresh: fresh.map(([line]) => line) };
}

function lineOf({ statement, keyId, bundle, recordedAt }: Resignature): string {
  return `${statement} ${keyId} ${digestOfJson({ bundle, recordedAt })}`;
}

function isGood(
  { verifier }: Pick<MonitorContext, 'verifier'>,
  { statement, keyId, bundle }: Resignature,
): boolean {
  const result = verifier.verify(bundle);
  return result.ok && result.statement.id === statement && result.statement.keyId === keyId;
}

function fault(line: string, what: string): LedgerFault {
  const [statement, keyId] = line.split(' ');
  return {
    index: null,
    id: null,
    what: `the further signature of statement ${statement} by the key ${keyId} ${what}`,
  };
}
