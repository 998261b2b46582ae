import { signStatement } from '../attestation/index.ts';
import {
  CountersignError,
  type Digest,
  decideOverride,
  digestOfJson,
  type EarlierOverrides,
  type Instant,
  isOpenOverride,
  type OverrideGround,
  type OverrideRefusal,
  type OverrideScope,
  objectionOfEarlier,
  objectionTo,
  overrideStanding,
  type PersonId,
  type SlackAccount,
  type StatementId,
  shownOf,
} from '../domain/index.ts';
import {
  type Db,
  holdRoles,
  insertOverride,
  listOverrides,
  lockOverridesOf,
  type OverrideRow,
  type Tx,
} from '../storage/index.ts';
import type { ApprovalContext, JudgeContext } from './context.ts';
import { officerObjection } from './officer-objection.ts';
import { once } from './once.ts';
import { type OverrideResult, overrideDone } from './override-by-id.ts';
import { overrideGround } from './override-ground.ts';
import { peopleNow } from './people-now.ts';
import { queueOverrideCard, queueOverrideNews } from './queue-override.ts';
import { recordAsked } from './record-asked.ts';
import { skippedApprovers } from './skipped-approvers.ts';

/** What an override needs. */
export type OverrideContext = ApprovalContext & JudgeContext;

/** Somebody's wish to override. */
export interface OverrideWish extends OverrideScope {
  /** Names this one wish: the same again is granted once. */
  readonly wish: string;
  readonly person: PersonId;
  readonly account: SlackAccount;
  /** Of what the officer was shown, as {@link previewOverride} gave it. */
  readonly view: Digest;
  readonly reason: string;
  /** The number of an incident, for example; null for none. */
  readonly reference: string | null;
  /** Milliseconds. */
  readonly duration: number;
}

const REASON_LIMIT = 2000;
const REFERENCE_LIMIT = 200;
const UNMET_LIMIT = 100;
const MESSAGE_LIMIT = 1000;

/**
 * Grants an override: weighs the wish, signs it with what the policy says instead, and commits it with all that follows.
 * The same wish is granted or refused once, however often it comes.
 *
 * @throws CountersignError `invalid_input` for a reason over 2,000 characters or a reference over 200
 */
export async function grantOverride(ctx: OverrideContext, wish: OverrideWish): Promise<OverrideResult> {
  if (wish.reason.length > REASON_LIMIT || (wish.reference ?? '').length > REFERENCE_LIMIT)
    throw new CountersignError('invalid_input', 'the reason or the reference of the override is too long');
  // Before the transaction, which could not wait for another connection. What changes meanwhile the judge sees all the same.
  const ground = await overrideGround(ctx, wish);
  const result = await once(ctx, wish.wish, (tx) => weigh(tx, ctx, wish, ground));
  return result.refusal === null
    ? overrideDone(ctx, result.overrideId)
    : { ok: false, refusal: result.refusal };
}

type Weighed =
  | { readonly refusal: null; readonly overrideId: StatementId }
  | { readonly refusal: OverrideRefusal };

async function weigh(
  tx: Tx,
  ctx: OverrideContext,
  wish: OverrideWish,
  ground: OverrideGround,
): Promise<Weighed> {
  await lockOverridesOf(tx, wish.modelId);
  await holdRoles(tx);
  const now = ctx.clock.now();
  const people = await peopleNow({ db: tx, directory: ctx.directory });
  const earlier = await earlierOverrides(tx, wish, now);
  const decision = decideOverride({ ...wish, people, now }, ground, earlier);
  const weighed = { person: wish.person, account: wish.account, now };
  const refusal = await officerObjection(
    { db: tx, directory: ctx.directory },
    { ...weighed, refusal: decision.ok ? null : decision.refusal },
  );
  if (refusal !== null || !decision.ok || ground.artifact === null)
    return { refusal: refusal ?? 'unknown_artifact' };
  const { role, terms, unmet } = decision.override;
  const informed = (await skippedApprovers({ ...ctx, db: tx }, wish, people)).filter(
    (person) => person !== wish.person,
  );
  const override = await signGrant(ctx, wish, {
    artifact: ground.artifact,
    role,
    terms,
    unmet: unmet
      .slice(0, UNMET_LIMIT)
      .map(({ code, message }) => ({ code, message: message.slice(0, MESSAGE_LIMIT) })),
    informed,
  });
  await recordAsked(tx, override.signed, now, wish.wish);
  await insertOverride(tx, override.signed.statement, override.unsigned);
  const { id } = override.signed;
  await queueOverrideCard(tx, id, now);
  if (!terms.needsConfirmation) await queueOverrideNews(tx, { id }, 'skipped', informed, now);
  return { refusal: null, overrideId: id };
}

type Terms = Pick<OverrideRow, 'artifact' | 'unmet' | 'informed'> & {
  readonly role: string;
  readonly terms: Pick<OverrideRow, 'grantedAt' | 'expiresAt' | 'documentationDueAt' | 'needsConfirmation'>;
};

async function signGrant(
  ctx: OverrideContext,
  { wish, modelId, modelVersion, environment, person, view, reason, reference }: OverrideWish,
  { artifact, unmet, informed, role, terms }: Terms,
) {
  const reasonSalt = ctx.newId();
  const { grantedAt, expiresAt, documentationDueAt, needsConfirmation } = terms;
  const about = { artifact, modelId, modelVersion, environment, person };
  const body = {
    ...about,
    role,
    reason: digestOfJson({ salt: reasonSalt, reason }),
    ...(reference === null ? {} : { reference }),
    view,
    unmet: [...unmet],
    grantedAt,
    expiresAt,
    documentationDueAt,
  };
  const signed = await signStatement(ctx.approvalSigner, { kind: 'override/v1', body }, artifact);
  return { signed, unsigned: { wish, reason, reasonSalt, informed, needsConfirmation } };
}

/** How the overrides of a model that there are stand in the way. */
export async function earlierOverrides(
  db: Db | Tx,
  { modelId, modelVersion, environment }: OverrideScope,
  now: Instant,
): Promise<EarlierOverrides> {
  const rows = (await listOverrides(db, { modelId, unsettled: now })).map((row) => ({
    isSame: row.modelVersion === modelVersion && row.environment === environment,
    standing: overrideStanding(row, now),
  }));
  return {
    isOpen: rows.some(
      ({ isSame, standing }) => isSame && (standing.phase === 'waiting' || standing.phase === 'in_force'),
    ),
    isOverdue: rows.some(({ standing }) => isOpenOverride(standing) && standing.documentation === 'overdue'),
  };
}

/** What an officer is shown. */
export interface OverridePreview {
  readonly refusal: OverrideRefusal | null;
  readonly ground: OverrideGround;
  /** The digest of it, which their wish must carry; null where nothing tells which bytes it is about. */
  readonly view: Digest | null;
}

/** Whether a wish would be refused now, without granting it, and what it is held against: for the form. */
export async function previewOverride(
  ctx: OverrideContext,
  wish: OverrideScope & Pick<OverrideWish, 'person' | 'account'>,
): Promise<OverridePreview> {
  const ground = await overrideGround(ctx, wish);
  const now = ctx.clock.now();
  const people = await peopleNow(ctx);
  const objection =
    objectionTo({ ...wish, people, now }, ground) ??
    objectionOfEarlier(await earlierOverrides(ctx.db, wish, now));
  const { person, account } = wish;
  const refusal = await officerObjection(ctx, { person, account, refusal: objection, now });
  return { refusal, ground, view: shownOf(wish, ground) };
}
