import { later } from '../../lib/index.ts';
import type { Digest } from '../digest.ts';
import { CLOCK_SKEW, type Instant } from '../instant.ts';
import type { VerifiedStatement } from '../statement/index.ts';
import { ledgerSigners, type Trust, witnessSigners } from '../trust.ts';
import type { Reason } from './verdict.ts';

/** The ledger's signed list of all statements about an artifact. */
export type View = VerifiedStatement<'ledger-view/v1'>;

/**
 * Who, besides the ledger, says that a view is all: the monitor's statement; what is given for one and is none; null where there
 * is nothing; or that whoever asks made the view itself, of a ledger that it has just read, and perhaps does not believe.
 */
export type Witness = VerifiedStatement<'view-witness/v1'> | FalseWitness | Doubt | 'made_here' | null;

/** What is given as the monitor's statement and does not verify as one. */
export interface FalseWitness {
  readonly kind: 'false_witness';
  readonly why: string;
}

/** Whoever asks made the view itself, and knows why the ledger is not to be believed. */
export interface Doubt {
  readonly kind: 'doubt';
  readonly why: string;
}

/** A view as it is presented, and what it is held to. */
export interface PresentedView {
  readonly artifact: Digest;
  readonly view: View | null;
  readonly witness: Witness;
  readonly trust: Trust;
  readonly now: Instant;
}

/** What to do where a view is missing or of no use. */
export const EXPORT_AGAIN = 'fetch a current ledger view: countersign export <model>@<version>';
const HAVE_WITNESSED = `${EXPORT_AGAIN}, while the monitor runs`;
const NAME_WITNESS =
  'name under signers: who may sign view-witness/v1; countersign trust-policy draft writes a policy that does';

/** Why a view cannot be believed to list everything; null where it can. */
export function problemWithView(presented: PresentedView): Reason | null {
  const { view, artifact, trust, now } = presented;
  const missing = (message: string): Reason => ({ code: 'view_missing', message, resolve: EXPORT_AGAIN });
  if (view === null) return missing('there is no ledger view, so statements may be hidden');
  const { body } = view;
  if (body.artifact !== artifact || view.subject !== artifact)
    return missing('the ledger view is about another artifact');
  // A view dates itself, so its key must be good both then and now: a key whose time has ended could otherwise sign
  // views of the past that are valid for ever. One that was stolen could at any time.
  const signers = ledgerSigners(trust.policy, [body.issuedAt, latest(body.issuedAt, now)]);
  if (!signers.some(({ keyId }) => keyId === view.keyId))
    return missing('the ledger view is signed by a key that the trust policy does not allow to');
  return staleness(view, now) ?? unwitnessed(view, presented);
}

function staleness({ body: { issuedAt, validUntil } }: View, now: Instant): Reason | null {
  const stale = (message: string, resolve: string): Reason => ({ code: 'view_stale', message, resolve });
  if (later(issuedAt, -CLOCK_SKEW) > now)
    return stale(`the ledger view is dated in the future, ${issuedAt}`, 'check the clocks');
  return now >= validUntil ? stale(`the ledger view was good until ${validUntil}`, EXPORT_AGAIN) : null;
}

/** The thief of the ledger's key signs what he likes, so another key must have said the same. */
function unwitnessed(view: View, { witness, trust: { policy }, now }: PresentedView): Reason | null {
  const doubt = (message: string, resolve = HAVE_WITNESSED): Reason => ({
    code: 'view_unwitnessed',
    message: `${message}, and by the ledger's key alone statements may be hidden`,
    resolve,
  });
  if (witness === 'made_here') return null;
  if (witness?.kind === 'doubt') return doubted(witness);
  if (!policy.signers.some(({ predicates }) => predicates.includes('view-witness/v1')))
    return doubt('the trust policy lets nobody witness ledger views', NAME_WITNESS);
  if (witness === null) return doubt('the monitor has not witnessed the ledger view');
  if (witness.kind === 'false_witness')
    return doubt(`what is given as the monitor's witness of the ledger view is none: ${witness.why}`);
  const { body, keyId } = witness;
  if (body.view !== view.id || body.artifact !== view.body.artifact)
    return doubt('the monitor has witnessed another ledger view');
  const signers = witnessSigners(policy, [body.witnessedAt, latest(body.witnessedAt, now)]);
  if (!signers.some((signer) => signer.keyId === keyId))
    return doubt('the ledger view is witnessed by a key that the trust policy does not allow to');
  return isWithin(body.witnessedAt, view)
    ? null
    : doubt(`the ledger view is said to be witnessed at ${body.witnessedAt}, when it was not good`);
}

function doubted({ why }: Doubt): Reason {
  return {
    code: 'ledger_doubted',
    message: `the ledger is not believed: ${why}`,
    resolve: 'see "The ledger was tampered with" in docs/operations.md',
  };
}

function isWithin(at: Instant, { body: { issuedAt, validUntil } }: View): boolean {
  return at >= later(issuedAt, -CLOCK_SKEW) && at < validUntil;
}

function latest(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}
