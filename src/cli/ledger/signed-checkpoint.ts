import {
  type Checkpoint,
  openVerifier,
  readCheckpoint,
  type StatementVerifier,
} from '../../attestation/index.ts';
import { type Instant, invalidInput, ledgerSigners, type TrustPolicy } from '../../domain/index.ts';

/** A checkpoint as somebody kept it, and whether the ledger signed it. */
export interface KeptCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Names of the signer's key and of the signer. */
  readonly signer: { readonly name: string; readonly keyId: string } | null;
  /** Why it is not believed; null where it is. */
  readonly objection: string | null;
}

/** Opens checkpoints by a trust policy. */
export interface CheckpointReader {
  /** Of any time: whoever kept it may have kept it for years. @throws CountersignError `invalid_input` for what is no checkpoint */
  kept(text: string, where: string): KeptCheckpoint;
  /** The head of now. @throws CountersignError `invalid_input` likewise */
  current(note: string, where: string): KeptCheckpoint;
}

/** @param now by which a head that is signed now must be signed by a key that is good */
export async function checkpointReader(policy: TrustPolicy, now: Instant): Promise<CheckpointReader> {
  const verifier = await openVerifier(policy);
  return {
    kept: (text, where) => open(verifier, { note: asPasted(text), where }, ledgerSigners(policy, [])),
    current: (note, where) => open(verifier, { note, where }, ledgerSigners(policy, [now])),
  };
}

function open(
  verifier: Pick<StatementVerifier, 'openCheckpoint'>,
  { note, where }: { readonly note: string; readonly where: string },
  signers: ReturnType<typeof ledgerSigners>,
): KeptCheckpoint {
  const checkpoint = readCheckpoint(note);
  if (checkpoint === null)
    throw invalidInput('the checkpoint', [
      {
        where,
        message: 'it is no checkpoint',
        fix: 'take all of it: origin, size, root, an empty line, and the line of the signature that starts with a dash',
      },
    ]);
  const opened = verifier.openCheckpoint(note, signers);
  return opened.ok
    ? { checkpoint, signer: opened.signer, objection: null }
    : { checkpoint, signer: null, objection: opened.message };
}

/** Copying out of a chat leaves a fence, another line end or a missing one; what is signed stays as it was. */
function asPasted(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => !line.startsWith('```'));
  return `${lines.join('\n').trim()}\n`;
}
