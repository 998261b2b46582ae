import { later, SECOND } from '../../lib/index.ts';
import type { Digest } from '../digest.ts';
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
import { authorisedSigner, type Trust } from '../trust.ts';
import type { Reason } from './verdict.ts';

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

export interface AdmissionInput {
  readonly artifact: Digest;
  readonly statements: readonly VerifiedStatement[];
  readonly failures: readonly FailedStatement[];
  readonly view: VerifiedStatement<'ledger-view/v1'> | null;
  readonly trust: Trust;
  readonly now: Instant;
}

const CLOCK_SKEW = 60 * SECOND;
const EXPORT_AGAIN = 'fetch a current ledger view: countersign export <model>@<version>';

/**
 * Keeps the statements that count: about this artifact, listed in a current view, signed by a key that may say so at
 * the time at which the ledger recorded it, and not revoked. What is revoked need not be presented: it never counts.
 */
export function admit(input: AdmissionInput): Admission {
  const viewProblem = problemWithView(input);
  if (viewProblem !== null || input.view === null)
    return { statements: [], obstacles: viewProblem ? [viewProblem] : [], notes: [] };
  const presented = new Map(input.statements.map((statement) => [copyKey(statement), statement]));
  const obstacles: Reason[] = [];
  const notes: Reason[] = [];
  const admitted: Admitted[] = [];
  const entries = [...input.view.body.statements].sort((a, b) => a.index - b.index);
  for (const entry of entries) {
    const statement = presented.get(copyKey(entry));
    if (isRevoked(entry.id, statement, input.trust)) notes.push(revoked(entry.id));
    else if (statement === undefined) obstacles.push(absent(entry.id, input.failures));
    else {
      const objection = objectionTo(statement, entry, input);
      if (objection === null) admitted.push({ ...statement, entry });
      else notes.push(objection);
    }
  }
  return { statements: admitted, obstacles, notes };
}

/** Only the copy whose signature the ledger holds will do: the same payload signed by another key is another copy. */
function copyKey({ id, keyId }: { id: StatementId; keyId: KeyId }): string {
  return `${id} ${keyId}`;
}

function problemWithView({ view, artifact, trust, now }: AdmissionInput): Reason | null {
  const missing = (message: string): Reason => ({ code: 'view_missing', message, resolve: EXPORT_AGAIN });
  if (view === null) return missing('there is no ledger view, so statements may be hidden');
  const { body } = view;
  if (body.artifact !== artifact || view.subject !== artifact)
    return missing('the ledger view is about another artifact');
  if (!isViewSigner(trust, view.keyId, body.issuedAt, now)) {
    return missing('the ledger view is signed by a key that the trust policy does not allow to');
  }
  if (later(body.issuedAt, -CLOCK_SKEW) > now) {
    return {
      code: 'view_stale',
      message: `the ledger view is dated in the future, ${body.issuedAt}`,
      resolve: 'check the clocks',
    };
  }
  if (now >= body.validUntil) {
    return {
      code: 'view_stale',
      message: `the ledger view was good until ${body.validUntil}`,
      resolve: EXPORT_AGAIN,
    };
  }
  return null;
}

/**
 * A view dates itself, so its key must be good both then and now: a key whose time has ended could otherwise sign
 * views of the past that are valid for ever.
 */
function isViewSigner({ policy }: Trust, keyId: KeyId, issuedAt: Instant, now: Instant): boolean {
  const until = issuedAt > now ? issuedAt : now;
  return [issuedAt, until].every((at) => authorisedSigner(policy, keyId, 'ledger-view/v1', at) !== null);
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
  entry: LedgerEntry,
  { artifact, trust }: AdmissionInput,
): Reason | null {
  if (statement.subject !== artifact || digestSpokenOf(statement) !== artifact) {
    return {
      code: 'unauthorised_signer',
      message: 'a statement speaks of other bytes',
      resolve: 'none needed: it does not count',
      statement: entry.id,
    };
  }
  if (authorisedSigner(trust.policy, statement.keyId, statement.kind, entry.recordedAt) === null) {
    return {
      code: 'unauthorised_signer',
      message: `a ${statement.kind} is signed by a key that may not sign it at ${entry.recordedAt}`,
      resolve: 'add the key to the trust policy, or find out who used it',
      statement: entry.id,
    };
  }
  return null;
}
