import { type StatementSigner, signStatement } from '../attestation/index.ts';
import {
  type Artifact,
  CountersignError,
  fileArtifact,
  type KeyId,
  type Predicate,
  type PredicateKind,
  SIGNS,
  type VerifiedStatement,
} from '../domain/index.ts';
import { appendResignature } from '../storage/index.ts';
import { compileDossier } from './judge-artifact.ts';
import { contextUnder, type KeyReview, type ReviewContext, reviewKey } from './review-key.ts';

/** Which statements are to be signed again, and by whom. */
export interface ResignWish {
  /** The key that is revoked, or has ended. */
  readonly keyId: KeyId;
  /** The signer's new key. */
  readonly signer: StatementSigner;
  /** Only says what it would do. */
  readonly dryRun: boolean;
}

/**
 * Signs again what a key made and other evidence supports. Each statement keeps its id and its place; the new
 * signature is put beside the old. Doing it again changes nothing.
 *
 * @throws CountersignError `conflict` where the new key is the old one
 */
export async function resignStatements(ctx: ReviewContext, wish: ResignWish): Promise<KeyReview> {
  const { keyId, signer, dryRun } = wish;
  if (signer.keyId === keyId)
    throw new CountersignError(
      'conflict',
      `the ${signer.name} signer still holds ${keyId}: give it a new key first, with countersign keys revoke or rotate`,
    );
  const review = await reviewKey(ctx, keyId, ctx.trust.policy, []);
  if (dryRun) return review;
  const supported = review.statements.filter(({ support }) => support.kind !== 'none');
  for (const [artifact, ofArtifact] of Map.groupBy(supported, ({ subject }) => subject)) {
    const wanted = new Set(ofArtifact.map(({ id }) => id));
    const { statements } = await compileDossier(await contextUnder(ctx, ctx.trust.policy), artifact);
    for (const statement of statements)
      if (statement.keyId === keyId && wanted.has(statement.id)) await resign(ctx, signer, statement);
  }
  return review;
}

async function resign(
  ctx: ReviewContext,
  signer: StatementSigner,
  statement: VerifiedStatement,
): Promise<void> {
  if (!SIGNS[signer.name].includes(statement.kind)) return;
  const predicate = { kind: statement.kind, body: statement.body } as Predicate;
  const signed = await signStatement<PredicateKind>(signer, predicate, artifactOf(statement));
  if (signed.id !== statement.id)
    throw new CountersignError('internal', `signed again, ${statement.id} would be ${signed.id}`);
  const { id, bundle } = signed;
  const signature = { statement: id, keyId: signer.keyId, bundle, recordedAt: ctx.clock.now() };
  await ctx.db.transaction().execute((tx) => appendResignature(tx, signature));
}

/** With its equivalents: they are subjects of the statement too. */
function artifactOf(statement: VerifiedStatement): Artifact {
  const { body } = statement;
  return 'artifact' in body && typeof body.artifact !== 'string'
    ? body.artifact
    : fileArtifact(statement.subject);
}
