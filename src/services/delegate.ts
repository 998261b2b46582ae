import { type SignedStatement, signStatement } from '../attestation/index.ts';
import {
  CountersignError,
  type Delegation,
  type DelegationRefusal,
  delegate,
  delegationDigest,
  digestOfJson,
  fileArtifact,
  type Instant,
  type PersonId,
  type SlackAccount,
  type StatementId,
} from '../domain/index.ts';
import {
  type DelegationRow,
  delegationsInForce,
  endDelegation,
  findAccount,
  insertDelegation,
  lastDelegationChange,
  lockRoles,
  standingDelegation,
  type Tx,
} from '../storage/index.ts';
import type { ApprovalContext } from './context.ts';
import { delegationNow, queueDelegationNews } from './delegation-news.ts';
import { momentAfter } from './moment-after.ts';
import { once } from './once.ts';
import { peopleNow } from './people-now.ts';
import { queueOpenCards } from './queue-card.ts';
import { recordAsked } from './record-asked.ts';

/** That a person wants another to decide in their place until some time. */
export interface DelegationWish {
  readonly delegator: PersonId;
  /** Null where the people map does not know who was named. */
  readonly delegate: PersonId | null;
  readonly until: Instant;
  readonly reason: string | null;
  readonly assurance: Delegation['assurance'];
  /** The Slack account that asked for it, which must be able to act; left out where it was asked in another way. */
  readonly account?: SlackAccount;
  /** Id of the inbox row that brings it: what became of it is found again by that. */
  readonly source?: string;
}

/** What became of a wish. */
export type DelegationResult =
  | { readonly ok: true; readonly delegation: DelegationRow }
  | { readonly ok: false; readonly refusal: DelegationRefusal };

const REASON_LIMIT = 500;

/**
 * Has another decide in a person's place from now on, by a statement. There is one at a time: a new one ends the one
 * before. The same wish again changes nothing; by its source not even when it was stopped since.
 *
 * @throws CountersignError `invalid_input` for a reason over 500 characters
 */
export async function grantDelegation(ctx: ApprovalContext, wish: DelegationWish): Promise<DelegationResult> {
  if ((wish.reason ?? '').length > REASON_LIMIT)
    throw new CountersignError('invalid_input', `the reason is longer than ${REASON_LIMIT} characters`);
  const result = await once(ctx, wish.source, (tx) => begin(tx, ctx, wish));
  return result.ok ? { ok: true, delegation: await delegationNow(ctx, result.delegation) } : result;
}

type Begun =
  | { readonly ok: true; readonly delegation: StatementId }
  | { readonly ok: false; readonly refusal: DelegationRefusal };

async function begin(tx: Tx, ctx: ApprovalContext, wish: DelegationWish): Promise<Begun> {
  // Decisions hold roles as they are: each is made wholly before this or wholly after.
  await lockRoles(tx);
  const { delegator, until } = wish;
  const now = momentAfter(await lastDelegationChange(tx, delegator), ctx.clock.now());
  const result = delegate({ ...wish, people: await peopleNow({ ...ctx, db: tx }), now });
  if (!result.ok) return result;
  if (await isBarred(tx, wish.account)) return { ok: false, refusal: 'account_barred' };
  const before = await standingDelegation(tx, delegator);
  if (before?.delegate === result.delegate && before.until === until)
    return { ok: true, delegation: before.id };
  if (before !== null) await endEarly(tx, ctx, before, wish, now);
  const { delegate: other, roles } = result;
  const terms = { delegator, delegate: other, roles: [...roles], from: now, until };
  const delegation = await say(tx, ctx, terms, wish, now);
  await queueOpenCards(tx, now);
  return { ok: true, delegation };
}

/**
 * The delegation that a person made is over; null when there is none in force. By a statement; repeating it changes
 * nothing, by its source not even when there is another since.
 */
export async function stopDelegation(
  ctx: ApprovalContext,
  { delegator, assurance, source }: Pick<DelegationWish, 'delegator' | 'assurance' | 'source'>,
): Promise<DelegationRow | null> {
  const { ended } = await once(ctx, source, async (tx): Promise<{ readonly ended: StatementId | null }> => {
    await lockRoles(tx);
    const now = momentAfter(await lastDelegationChange(tx, delegator), ctx.clock.now());
    const standing = await standingDelegation(tx, delegator);
    if (standing === null || standing.until <= now) return { ended: null };
    await endEarly(tx, ctx, standing, { assurance, source }, now);
    await queueOpenCards(tx, now);
    return { ended: standing.id };
  });
  return ended === null ? null : delegationNow(ctx, ended);
}

/** Delegations in force that a person made or that were made to them. */
export async function delegationsOf(
  { db, clock }: Pick<ApprovalContext, 'db' | 'clock'>,
  person: PersonId,
): Promise<DelegationRow[]> {
  const all = await delegationsInForce(db, clock.now());
  return all.filter(({ delegator, delegate: other }) => delegator === person || other === person);
}

async function isBarred(tx: Tx, account: SlackAccount | undefined): Promise<boolean> {
  const row = account === undefined ? null : await findAccount(tx, account);
  return row !== null && row.bar !== null;
}

async function say(
  tx: Tx,
  ctx: ApprovalContext,
  terms: Pick<Delegation, 'delegator' | 'delegate' | 'roles' | 'from' | 'until'>,
  { reason, assurance, source }: DelegationWish,
  now: Instant,
): Promise<StatementId> {
  const reasonSalt = reason === null ? null : ctx.newId();
  const words = reason === null ? {} : { reason: digestOfJson({ salt: reasonSalt, reason }) };
  const { id, statement } = await sign(tx, ctx, { ...terms, ...words, assurance, saidAt: now }, now, source);
  await insertDelegation(tx, statement, { reason, reasonSalt });
  await queueDelegationNews(tx, { id, ...terms }, 'started', now);
  return id;
}

/** How, and by which arrival, something is asked for. */
type Asked = Pick<DelegationWish, 'assurance'> & { readonly source?: string | undefined };

/** Ends a delegation now; where its own time is over already, nothing need be said. */
async function endEarly(
  tx: Tx,
  ctx: ApprovalContext,
  delegation: DelegationRow,
  { assurance, source }: Asked,
  now: Instant,
): Promise<void> {
  const { id, delegator, delegate: other, roles, from, until } = delegation;
  await queueDelegationNews(tx, delegation, 'ended', now);
  if (until <= now) return endDelegation(tx, id, null);
  const terms = { delegator, delegate: other, roles: [...roles], from, until: now };
  const end = await sign(tx, ctx, { ...terms, ends: id, assurance, saidAt: now }, now, source);
  await endDelegation(tx, id, end.statement);
}

/** A delegation speaks of no artifact: its subject is the digest of its terms. */
async function sign(
  tx: Tx,
  { approvalSigner }: ApprovalContext,
  said: Omit<Delegation, 'terms'>,
  now: Instant,
  source: string | undefined,
): Promise<SignedStatement<'delegation/v1'>> {
  const terms = delegationDigest(said);
  const predicate = { kind: 'delegation/v1' as const, body: { ...said, terms } };
  const signed = await signStatement(approvalSigner, predicate, fileArtifact(terms));
  await recordAsked(tx, signed, now, source);
  return signed;
}
