import { readCheckpoint, type TreeHead } from '../attestation/index.ts';
import type { CheckpointMemory } from '../domain/index.ts';
import { type Db, firingOfKinds } from '../storage/index.ts';
import type { LedgerDoubt } from './context.ts';
import { isGarbled } from './garbled.ts';
import { isGrownFrom } from './log-copy.ts';

/** For the monitor alone: it looks at the ledger itself, and a doubt about the ledger is no fault of what is deployed. */
export const noDoubt: LedgerDoubt = async () => async () => null;

/** Doubts while the monitor says that the ledger was tampered with. */
export function doubtByFindings(db: Db): LedgerDoubt {
  return async () => async () => {
    const [found] = await firingOfKinds(db, ['ledger_tampered']);
    return found?.finding.summary ?? null;
  };
}

/** Doubts the same, and a ledger that does not extend the checkpoint that is remembered beside its key. */
export function doubtByMemory(db: Db, memory: CheckpointMemory): LedgerDoubt {
  return async () => {
    const note = await memory.read();
    const byFindings = await doubtByFindings(db)();
    return async (head) => (note === null ? null : await difference(db, note, head)) ?? byFindings(head);
  };
}

async function difference(db: Db, note: string, head: TreeHead): Promise<string | null> {
  const signed = readCheckpoint(note);
  if (signed === null) return 'the checkpoint that is kept beside its key is damaged';
  if (signed.treeSize === head.treeSize && signed.root === head.root) return null;
  if (signed.treeSize < head.treeSize && (await extendsIt(db, signed, head))) return null;
  return `it does not extend the checkpoint of ${signed.treeSize} statements that was signed before: it was rolled back or rewritten`;
}

/** What cannot be read of it does not extend anything. */
function extendsIt(db: Db, signed: TreeHead, head: TreeHead): Promise<boolean> {
  return isGrownFrom(db, signed, head).catch((error: unknown) => {
    if (isGarbled(error)) return false;
    throw error;
  });
}
