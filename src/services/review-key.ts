import { createSigningKey, loadSigner, openVerifier } from '../attestation/index.ts';
import {
  type Digest,
  type GovernanceStatus,
  type KeyId,
  type Placed,
  SIGNS,
  type StatementId,
  type Support,
  supportOf,
  type Trust,
  type TrustPolicy,
} from '../domain/index.ts';
import { type SignedBy, statementsBy } from '../storage/index.ts';
import type { BaseContext, TrustContext } from './context.ts';
import { compileDossier, judgeArtifact } from './judge-artifact.ts';
import { noDoubt } from './ledger-doubt.ts';

/** What a review needs: no key, for it only reads. */
export type ReviewContext = BaseContext & Pick<TrustContext, 'trust' | 'directory'>;

/** One statement by a key under review. */
export interface ReviewedStatement extends SignedBy {
  /** Whether the revocation strikes it. */
  readonly refused: boolean;
  readonly support: Support;
}

/** A verdict that the revocation changes. */
export interface ChangedVerdict {
  readonly artifact: Digest;
  readonly environment: string;
  readonly before: GovernanceStatus;
  readonly after: GovernanceStatus;
}

/** What a key made, and what hangs on it. */
export interface KeyReview {
  readonly statements: readonly ReviewedStatement[];
  readonly verdicts: readonly ChangedVerdict[];
}

/** Says which statements a key made, what supports them, and which verdicts a new policy changes. Writes nothing. */
export async function reviewKey(
  ctx: ReviewContext,
  keyId: KeyId,
  after: TrustPolicy,
  environments: readonly string[],
): Promise<KeyReview> {
  const before = await contextUnder(ctx, ctx.trust.policy);
  const then = await contextUnder(ctx, after);
  const signed = await statementsBy(ctx.db, keyId);
  const byArtifact = Map.groupBy(signed, ({ subject }) => subject);
  const statements: ReviewedStatement[] = [];
  const verdicts: ChangedVerdict[] = [];
  for (const [artifact, ofArtifact] of byArtifact) {
    const supports = await supportsAbout(then, artifact);
    for (const one of ofArtifact) {
      const support = supports.get(one.id) ?? UNREADABLE;
      statements.push({ ...one, refused: support.kind !== 'ledger_position', support });
    }
    for (const environment of environments) {
      const question = { artifact, environment };
      const [was, is] = [await judgeArtifact(before, question), await judgeArtifact(then, question)];
      if (was.status !== is.status) verdicts.push({ ...question, before: was.status, after: is.status });
    }
  }
  return { statements: statements.sort((a, b) => a.index - b.index), verdicts };
}

const UNREADABLE: Support = {
  kind: 'none',
  why: 'it does not verify',
  resolve: 'find out who altered the ledger, and restore it from a backup',
};

/** What supports each statement about an artifact, under the context's policy. */
async function supportsAbout(
  ctx: Awaited<ReturnType<typeof contextUnder>>,
  artifact: Digest,
): Promise<ReadonlyMap<StatementId, Support>> {
  const { statements, view } = await compileDossier(ctx, artifact);
  const entries = new Map(view.body.statements.map((entry) => [entry.id, entry]));
  const placed = statements.flatMap((statement): Placed[] => {
    const entry = entries.get(statement.id);
    return entry !== undefined && entry.keyId === statement.keyId ? [{ statement, entry }] : [];
  });
  return new Map(placed.map((one) => [one.statement.id, supportOf(one, placed, ctx.trust.policy)] as const));
}

/** Judges under a policy, on views that are signed by a key made for the purpose and shown to nobody. */
export async function contextUnder(ctx: ReviewContext, policy: TrustPolicy) {
  const ledgerSigner = loadSigner('ledger', createSigningKey().privateKey);
  const { name, keyId, publicKey } = ledgerSigner;
  const ours = { name, keyId, publicKey, predicates: [...SIGNS.ledger], validFrom: ctx.clock.now() };
  const own = { ...policy, signers: [...policy.signers, ours] };
  const trust: Trust = { ...ctx.trust, policy: own };
  return { ...ctx, trust, verifier: await openVerifier(own), ledgerSigner, ledgerDoubt: noDoubt };
}
