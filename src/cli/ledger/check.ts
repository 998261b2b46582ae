import type { Checkpoint } from '../../attestation/index.ts';
import { CountersignError, type Instant, invalidInput, type TrustPolicy } from '../../domain/index.ts';
import { compareLedger, type LedgerComparison } from './compare.ts';
import { type LogSource, nodesBeside } from './log-source.ts';
import { checkpointReader, type KeptCheckpoint } from './signed-checkpoint.ts';

/** What is held against what. */
export interface CheckQuestion {
  /** The checkpoint, and the file that it was read from: its tiles may lie beside it. */
  readonly kept: { readonly text: string; readonly file: string };
  readonly log: LogSource;
  readonly policy: TrustPolicy;
  readonly now: Instant;
}

/** What came of it. */
export type CheckOutcome = {
  readonly checkpoint: Checkpoint;
  /** Whose key signed the checkpoint; null where it does not count. */
  readonly signer: KeptCheckpoint['signer'];
  /** The head that it was held to; null where it came not so far. */
  readonly ledger: Checkpoint | null;
} & (
  | LedgerComparison
  | {
      readonly consistent: false;
      /** The checkpoint that was kept, or the head of now, is not signed as it must be; or the server signs none. */
      readonly fault: 'checkpoint_not_signed' | 'head_not_signed';
      readonly firstEntry: null;
      readonly why: string;
    }
);

/**
 * Holds a log to a checkpoint.
 *
 * @throws CountersignError `invalid_input` for what is no checkpoint or of another log; `unavailable`, `not_found` where
 *   the log cannot be read
 */
export async function checkLedger({ kept, log, policy, now }: CheckQuestion): Promise<CheckOutcome> {
  const reader = await checkpointReader(policy, now);
  const { checkpoint, signer, objection } = reader.kept(kept.text, kept.file);
  const unsigned = { checkpoint, signer, ledger: null, consistent: false, firstEntry: null } as const;
  if (objection !== null) return { ...unsigned, fault: 'checkpoint_not_signed', why: objection };
  const note = await headOf(log);
  if (note.refusal !== null) return { ...unsigned, fault: 'head_not_signed', why: note.refusal };
  const head = reader.current(note.text, log.name);
  if (head.objection !== null) return { ...unsigned, fault: 'head_not_signed', why: head.objection };
  demandSameLog(checkpoint, head.checkpoint, log);
  const known = await nodesBeside(kept.file, checkpoint.treeSize);
  const { treeSize } = head.checkpoint;
  const comparison = await compareLedger(checkpoint, known, {
    head: head.checkpoint,
    nodes: log.nodes(treeSize),
  });
  return { checkpoint, signer, ledger: head.checkpoint, ...comparison };
}

/** A server whose ledger was changed signs no head: that is an answer too. */
async function headOf(
  log: LogSource,
): Promise<{ readonly text: string; readonly refusal: null } | { readonly refusal: string }> {
  try {
    return { text: await log.checkpoint(), refusal: null };
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'integrity') throw error;
    return { refusal: error.message };
  }
}

/** A copy that is only behind proves nothing against a later checkpoint, and nothing for it. */
function demandSameLog(kept: Checkpoint, head: Checkpoint, { name, isNewest }: LogSource): void {
  if (kept.origin !== head.origin)
    throw invalidInput('the checkpoint', [
      { where: name, message: `it has the ledger ${head.origin}, and the checkpoint is of ${kept.origin}` },
    ]);
  if (!isNewest && kept.treeSize > head.treeSize)
    throw invalidInput('the checkpoint', [
      {
        where: name,
        message: `it has ${head.treeSize} entries, and the checkpoint has ${kept.treeSize}`,
        fix: 'the copy may only be behind: hold the server itself to the checkpoint, without --folder',
      },
    ]);
}
