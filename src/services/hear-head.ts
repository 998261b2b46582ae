import type { Checkpoint, TreeHead } from '../attestation/index.ts';
import { type LedgerFault, ledgerSigners } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import { type Db, headWord } from '../storage/index.ts';
import type { MonitorContext } from './context.ts';
import { isGrownFrom } from './log-copy.ts';

type HearingContext = Pick<MonitorContext, 'db' | 'clock' | 'trust' | 'verifier' | 'log'>;

/** After how long a head that nobody signs anew is told: it is signed every few seconds. */
const SILENCE = 5 * MINUTE;

/** What the monitor makes of the word on the ledger's head. */
interface HeardHead {
  /** The signed note, where the ledger extends it; null where there is none that counts. */
  readonly note: string | null;
  readonly faults: readonly LedgerFault[];
}

/** Holds the ledger to the checkpoint that its key signed last. That nobody signs is no fault of the ledger. */
export async function hearHead(ctx: HearingContext, db: Db, head: TreeHead): Promise<HeardHead> {
  const word = await headWord(db);
  if (word !== null && word.refusal !== null) return fault(word.refusal);
  const signed = believedCheckpoint(ctx, word?.note ?? null);
  const note = signed === null ? null : (word?.note ?? null);
  if (signed === null || (await isGrownFrom(db, signed, head))) return { note, faults: [] };
  return fault(`it does not extend the checkpoint of ${signed.treeSize} entries that its key signed`);
}

function fault(what: string): HeardHead {
  return { note: null, faults: [{ index: null, id: null, what: what.slice(0, 500) }] };
}

/** Anybody who writes to the database could put a note there: only one that the ledger's key signed for this log counts. */
export function believedCheckpoint(
  { verifier, trust, log }: Omit<HearingContext, 'db' | 'clock'>,
  note: string | null,
): Checkpoint | null {
  const opened = note === null ? null : verifier.openCheckpoint(note, ledgerSigners(trust.policy, []));
  return opened?.ok === true && opened.checkpoint.origin === log.origin ? opened.checkpoint : null;
}

/** Why the monitor has no signed head of now to hold the ledger to and to publish; null where it has one. */
export async function headTrouble(ctx: HearingContext): Promise<string | null> {
  const word = await headWord(ctx.db);
  if (word === null) return 'nobody has signed it yet: is the surface api running?';
  if (word.saidAt < later(ctx.clock.now(), -SILENCE))
    return `nobody has signed it since ${word.saidAt}: is the surface api running?`;
  if (word.refusal !== null) return word.refusal;
  return believedCheckpoint(ctx, word.note) === null
    ? `what was signed at ${word.saidAt} is by no key that the trust policy names for the ledger, or of another ledger`
    : null;
}
