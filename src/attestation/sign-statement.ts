import {
  type Artifact,
  CountersignError,
  type Digest,
  ofKind,
  type Predicate,
  type PredicateKind,
  type StatementId,
  type VerifiedStatement,
} from '../domain/index.ts';
import { statementPayload } from './payload.ts';
import type { StatementSigner } from './signer.ts';

/** A statement just signed, with the bundle to keep. */
export interface SignedStatement<Kind extends PredicateKind = PredicateKind> {
  readonly id: StatementId;
  readonly kind: Kind;
  /** The artifact that it speaks of. */
  readonly subject: Digest;
  /** JSON text of the Sigstore bundle (v0.3). */
  readonly bundle: string;
  readonly statement: VerifiedStatement<Kind>;
}

/**
 * Says something about an artifact and signs it. The bundle is verified before it is returned, so nothing is ever
 * kept that would not verify.
 *
 * @throws CountersignError `forbidden` for a kind that is not this signer's; `invalid_input` for a predicate that is
 *   not as its schema says, or is about another artifact.
 */
export async function signStatement<Kind extends PredicateKind>(
  signer: StatementSigner,
  predicate: Extract<Predicate, { kind: Kind }>,
  artifact: Artifact,
): Promise<SignedStatement<Kind>> {
  const { kind } = predicate;
  // As they are now: a signer may have another key when it has signed.
  const { verifier } = signer;
  const bundle = await signer.sign(statementPayload(predicate, artifact));
  const statement = verifyOwn(bundle, kind, { verifier });
  return { id: statement.id, kind, subject: statement.subject, bundle, statement };
}

function verifyOwn<Kind extends PredicateKind>(
  bundle: string,
  kind: Kind,
  { verifier }: Pick<StatementSigner, 'verifier'>,
): VerifiedStatement<Kind> {
  const result = verifier.verify(bundle);
  const statement = result.ok ? ofKind([result.statement], kind)[0] : undefined;
  if (statement !== undefined) return statement;
  const why = result.ok ? 'it is of another kind' : result.failure.message;
  throw new CountersignError('internal', `the ${kind} just signed does not verify: ${why}`);
}
