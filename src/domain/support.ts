import { canonicalJson, withArticle } from '../lib/index.ts';
import type { LedgerEntry, StageResult, StatementId, VerifiedStatement } from './statement/index.ts';
import { authorisedSigner, revocationOf, type TrustPolicy } from './trust.ts';

/** What speaks for a statement, besides the signature of a key that was stolen. */
export type Support =
  /** The ledger held it before the key was stolen. */
  | { readonly kind: 'ledger_position' }
  /** Another run, under a key that is good, found the same. */
  | { readonly kind: 'checks_rerun'; readonly by: StatementId }
  /** A record, all of whose results are supported. */
  | { readonly kind: 'supported_results' }
  /** Nothing: why, and what would. */
  | { readonly kind: 'none'; readonly why: string; readonly resolve: string };

/** A verified statement in its place. */
export interface Placed {
  readonly statement: VerifiedStatement;
  readonly entry: LedgerEntry;
}

/** Says of a statement by a revoked key what supports it, among all statements about its artifact. */
export function supportOf(placed: Placed, all: readonly Placed[], policy: TrustPolicy): Support {
  const { statement, entry } = placed;
  if (revocationOf(policy, statement.keyId, entry) === null) return { kind: 'ledger_position' };
  if (statement.kind === 'stage-result/v1') return foundAgain(statement.body, all, policy);
  if (statement.kind === 'governance-record/v1') {
    const cited = statement.body.stageResults.map(({ statement: id }) => id);
    const isSupported = (id: StatementId) =>
      all.some(
        (other) =>
          other.statement.id === id &&
          other.statement.kind === 'stage-result/v1' &&
          supportOf(other, all, policy).kind !== 'none',
      );
    return cited.every(isSupported)
      ? { kind: 'supported_results' }
      : none('it rests on results that nothing supports', RUN_AGAIN);
  }
  return none(
    `nothing else knows what ${withArticle(statement.kind)} says`,
    'have it decided or asked again',
  );
}

const RUN_AGAIN = 'run its checks again: countersign submit … --attempt new; then this command again';

function foundAgain(body: StageResult, all: readonly Placed[], policy: TrustPolicy): Support {
  const confirming = all.find(
    ({ statement, entry }) =>
      statement.kind === 'stage-result/v1' &&
      statement.body.runId !== body.runId &&
      authorisedSigner(policy, statement.keyId, statement.kind, entry) !== null &&
      findingsOf(statement.body) === findingsOf(body),
  );
  return confirming === undefined
    ? none('no run under a good key found the same', RUN_AGAIN)
    : { kind: 'checks_rerun', by: confirming.statement.id };
}

/** All that a result claims, but for which run found it when, and the wording of its reports. */
function findingsOf({ runId: _run, performedAt: _at, checks, ...claims }: StageResult): string {
  return canonicalJson({
    ...claims,
    checks: checks.map(({ name, version, outcome }) => ({ name, version, outcome })),
  });
}

function none(why: string, resolve: string): Support {
  return { kind: 'none', why, resolve };
}
