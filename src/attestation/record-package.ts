import { z } from 'zod';
import {
  Digest,
  type FailedStatement,
  ModelId,
  ModelVersion,
  type TrustedSigner,
  type VerifiedStatement,
} from '../domain/index.ts';
import { leafHash } from './ledger/entry.ts';
import { provesInclusion } from './ledger/verify-proof.ts';
import type { StatementVerifier } from './verifier.ts';

const TreeHash = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits');

/** As many as a ledger view has room for; more would only keep a verifier busy. */
const MOST_STATEMENTS = 30_000;
const MOST_PIPELINES = 1000;

/**
 * All that an offline verifier needs to judge a model version, but for the artifact and the trust policy: those reach
 * the verifier on ways of their own.
 */
export const RecordPackage = z.strictObject({
  format: z.literal('countersign-record/v3', {
    error:
      'expected "countersign-record/v3": in a package of an older release the monitor vouches for no view, export it again',
  }),
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: Digest,
  /** The ledger view, a Sigstore bundle as JSON text. */
  view: z.string(),
  /** What the monitor says of the view, likewise. */
  witness: z.string(),
  /** Every statement that the view lists, Sigstore bundles as JSON text, in the ledger's order. */
  statements: z.array(z.string()).max(MOST_STATEMENTS),
  /** The head of the ledger at the time of the view, a signed note (C2SP tlog-checkpoint). */
  checkpoint: z.string(),
  /** For each statement, hashes that prove its place in the tree of the checkpoint (RFC 6962). */
  inclusion: z.array(z.array(TreeHash).max(64)).max(MOST_STATEMENTS),
  /** Texts of the pipeline files that the statements name; believed only where their digest is trusted. */
  pipelines: z.array(z.string()).max(MOST_PIPELINES),
});
export type RecordPackage = z.infer<typeof RecordPackage>;

/**
 * Every statement of a view that is not proved to be in the ledger, which is all of them without a checkpoint of that
 * very tree.
 *
 * @param signers those that speak for the ledger, and for nothing else
 */
export function notIncluded(
  { checkpoint: note, inclusion }: Pick<RecordPackage, 'checkpoint' | 'inclusion'>,
  { body }: VerifiedStatement<'ledger-view/v1'>,
  signers: readonly TrustedSigner[],
  verifier: Pick<StatementVerifier, 'openCheckpoint'>,
): FailedStatement[] {
  const opened = verifier.openCheckpoint(note, signers);
  if (!opened.ok) return body.statements.map(({ id }) => failure(id, `of the checkpoint, ${opened.message}`));
  const { checkpoint } = opened;
  if (checkpoint.treeSize !== body.treeSize || checkpoint.root !== body.root)
    return body.statements.map(({ id }) => failure(id, 'the checkpoint is of another tree than the view'));
  return body.statements
    .filter((entry, at) => {
      const leaf = { index: entry.index, hash: leafHash(entry) };
      return !provesInclusion(leaf, inclusion[at] ?? [], checkpoint);
    })
    .map(({ id }) => failure(id, 'its proof of inclusion does not hold'));
}

function failure(id: FailedStatement['id'], message: string): FailedStatement {
  return { id, code: 'not_in_ledger', message };
}
