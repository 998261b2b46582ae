import { withArticle } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { KeyId } from '../key-id.ts';
import {
  digestSpokenOf,
  type FailedStatement,
  type LedgerEntry,
  type PredicateKind,
  type StatementId,
  type VerifiedStatement,
} from '../statement/index.ts';
import { authorisedSigner, isOffice, type Occasion, revocationOf, type Trust } from '../trust.ts';
import type { Reason } from './verdict.ts';
import { EXPORT_AGAIN, type PresentedView, problemWithView } from './view-problem.ts';

/** A statement that the judge may weigh, with its place in the ledger. */
export type Admitted<Kind extends PredicateKind = PredicateKind> = VerifiedStatement<Kind> & {
  readonly entry: LedgerEntry;
};

/** What the judge has before it. */
export interface Admission {
  readonly statements: readonly Admitted[];
  /** What stands in the way of any allowance: an absent or stale view, a listed statement missing or broken. */
  readonly obstacles: readonly Reason[];
  readonly notes: readonly Reason[];
}

export interface AdmissionInput extends PresentedView {
  readonly statements: readonly VerifiedStatement[];
  readonly failures: readonly FailedStatement[];
  /** Only what was recorded by then is weighed. */
  readonly at?: Instant;
}

const DECIDE_ANEW =
  'have it decided anew, then name this statement under revoked: in the trust policy; or sign it again: countersign keys resign';

const SETTLE =
  'find out who used the key; name the statement under revoked: in the trust policy, and have what it said done anew';

/**
 * Keeps the statements that count: about this artifact, listed in a current view, signed by a key that may say so at
 * the time at which the ledger recorded it, and not revoked. What is revoked need not be presented: it never counts.
 */
export function admit(input: AdmissionInput): Admission {
  const viewProblem = problemWithView(input);
  if (viewProblem !== null || input.view === null)
    return { statements: [], obstacles: viewProblem ? [viewProblem] : [], notes: [] };
  const presented: Presented = new Map(
    input.statements.map((statement) => [copyKey(statement.id, statement.keyId), statement]),
  );
  const { at } = input;
  const entries = input.view.body.statements
    .filter(({ recordedAt }) => at === undefined || recordedAt <= at)
    .sort((a, b) => a.index - b.index);
  const weighed = entries.map((entry) => weigh(entry, presented, input));
  return {
    statements: weighed.flatMap(({ admitted }) => admitted ?? []),
    obstacles: weighed.flatMap(({ obstacle }) => obstacle ?? []),
    notes: weighed.flatMap(({ note }) => note ?? []),
  };
}

type Presented = ReadonlyMap<string, VerifiedStatement>;

/** What becomes of one entry of the view: exactly one of them. */
interface Weighed {
  readonly admitted?: Admitted;
  readonly obstacle?: Reason;
  readonly note?: Reason;
}

/** A statement that was signed again counts by any of its signatures, and in its first place. */
function weigh(entry: LedgerEntry, presented: Presented, input: AdmissionInput): Weighed {
  const copies = copiesOf(entry).map((copy) => ({
    copy,
    said: presented.get(copyKey(entry.id, copy.keyId)),
  }));
  const said = copies.flatMap((copy) => copy.said ?? []);
  if (isRevoked(entry.id, said[0], input.trust)) return { note: revoked(entry.id) };
  const objections: Reason[] = [];
  for (const { copy, said: statement } of copies) {
    if (statement === undefined) continue;
    const objection = objectionTo(statement, copy, input);
    if (objection === null) return { admitted: { ...statement, entry } };
    objections.push(objection);
  }
  const [objection] = objections;
  if (said.length < copies.length || objection === undefined)
    return { obstacle: absent(entry.id, input.failures) };
  // Doubt about a no must not become a yes: it bars until somebody who may says what is to become of it.
  return said.some(saysNo) && objection.code === 'key_revoked'
    ? { obstacle: { ...objection, resolve: DECIDE_ANEW } }
    : { note: objection };
}

/** One signature of a statement, with the occasion by which its key is judged. */
type Copy = Occasion & { readonly keyId: KeyId };

function copiesOf({ keyId, recordedAt, index, resigned = [] }: LedgerEntry): readonly Copy[] {
  return [{ keyId, recordedAt, index }, ...resigned];
}

/** Only a copy whose signature the ledger holds will do: the same payload signed by another key is another copy. */
function copyKey(id: StatementId, keyId: KeyId): string {
  return `${id} ${keyId}`;
}

/** Whether a statement speaks against its artifact. */
function saysNo({ kind, body }: VerifiedStatement): boolean {
  if (kind === 'approval-decision/v1') return body.decision === 'rejected';
  return kind === 'approval-withdrawal/v1' || (kind === 'stage-result/v1' && body.outcome === 'failed');
}

/** A decision is revoked with the delegation on which it rests. */
function isRevoked(id: StatementId, statement: VerifiedStatement | undefined, { policy }: Trust): boolean {
  const { statements } = policy.revoked;
  if (statements.includes(id)) return true;
  if (statement?.kind !== 'approval-decision/v1') return false;
  const { onBehalfOf } = statement.body;
  return onBehalfOf !== undefined && statements.includes(onBehalfOf.delegation);
}

function revoked(id: StatementId): Reason {
  return {
    code: 'statement_revoked',
    message: 'a statement is revoked by the trust policy',
    resolve: 'submit the model version again',
    statement: id,
  };
}

function absent(id: StatementId, failures: readonly FailedStatement[]): Reason {
  const failure = failures.find((candidate) => candidate.id === id);
  if (failure?.code === 'not_in_ledger') {
    return {
      code: 'not_in_ledger',
      message: `a statement is not proved to be in the ledger: ${failure.message}`,
      resolve: EXPORT_AGAIN,
      statement: id,
    };
  }
  if (failure?.code === 'disputed') {
    return {
      code: 'statement_disputed',
      message: `a statement is disputed: ${failure.message}`,
      resolve: SETTLE,
      statement: id,
    };
  }
  if (failure !== undefined) {
    return {
      code: 'signature_invalid',
      message: `a statement of the ledger does not verify: ${failure.message}`,
      resolve: 'find out who altered the ledger, and restore it from a backup',
      statement: id,
    };
  }
  return {
    code: 'statement_missing',
    message: 'a statement that the ledger lists was not presented',
    resolve: EXPORT_AGAIN,
    statement: id,
  };
}

function objectionTo(
  statement: VerifiedStatement,
  copy: Copy,
  { artifact, trust: { policy } }: AdmissionInput,
): Reason | null {
  const { id, kind, keyId, subject } = statement;
  if (subject !== artifact || digestSpokenOf(statement) !== artifact) {
    return {
      code: 'unauthorised_signer',
      message: 'a statement speaks of other bytes',
      resolve: 'none needed: it does not count',
      statement: id,
    };
  }
  const revocation = revocationOf(policy, keyId, copy);
  if (revocation !== null && isOffice(policy, keyId, kind)) {
    return {
      code: 'key_revoked',
      message: `${withArticle(kind)} is signed by a key that is revoked from ${revocation.from} on`,
      resolve: `sign again what other evidence supports: countersign keys resign ${keyId}`,
      statement: id,
    };
  }
  if (authorisedSigner(policy, keyId, kind, copy) !== null) return null;
  return {
    code: 'unauthorised_signer',
    message: `${withArticle(kind)} is signed by a key that may not sign it at ${copy.recordedAt}`,
    resolve: 'add the key to the trust policy, or find out who used it',
    statement: id,
  };
}
