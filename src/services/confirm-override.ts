import { signStatement } from '../attestation/index.ts';
import {
  OVERRIDE_ROLE,
  type OverrideGround,
  type OverrideRefusal,
  objectionToConfirmation,
  type PersonId,
  type SlackAccount,
} from '../domain/index.ts';
import { later } from '../lib/index.ts';
import {
  holdRoles,
  lockOverride,
  type OverrideRow,
  confirmOverride as storeConfirmation,
  type Tx,
} from '../storage/index.ts';
import { earlierOverrides, type OverrideContext } from './grant-override.ts';
import { officerObjection } from './officer-objection.ts';
import { once } from './once.ts';
import { type OverrideResult, overrideById, overrideDone } from './override-by-id.ts';
import { overrideGround } from './override-ground.ts';
import { peopleNow } from './people-now.ts';
import { queueOverrideCard, queueOverrideNews } from './queue-override.ts';
import { recordAsked } from './record-asked.ts';

/** A second person's word on an override. */
export interface OverrideConfirmation {
  readonly overrideId: string;
  readonly person: PersonId;
  readonly account: SlackAccount;
  /** Id of the inbox row that asks for it; the same again changes nothing. */
  readonly source?: string;
}

/**
 * Takes the confirmation of a second person: the override is good from now on, on the same terms, and its documentation
 * due from now. Confirmed again by the same person, it stays as it is.
 *
 * @throws CountersignError `not_found`
 */
export async function confirmOverride(
  ctx: OverrideContext,
  wish: OverrideConfirmation,
): Promise<OverrideResult> {
  const asked = await overrideById(ctx, wish.overrideId);
  const ground = await overrideGround(ctx, asked, asked.artifact);
  const refusal = (await once(ctx, wish.source, (tx) => confirm(tx, ctx, wish, ground))).refusal;
  return overrideDone(ctx, asked.id, refusal);
}

async function confirm(
  tx: Tx,
  ctx: OverrideContext,
  { overrideId, person, account, source }: OverrideConfirmation,
  ground: OverrideGround,
): Promise<{ readonly refusal: OverrideRefusal | null }> {
  const override = (await lockOverride(tx, overrideId)) ?? (await overrideById({ db: tx }, overrideId));
  if (override.confirmedBy === person) return { refusal: null };
  await holdRoles(tx);
  const now = ctx.clock.now();
  const people = await peopleNow({ db: tx, directory: ctx.directory });
  const earlier = await earlierOverrides(tx, override, now);
  const objection = objectionToConfirmation({ person, people, now }, override, ground, earlier);
  const weighed = { person, account, refusal: objection, now };
  const refusal = await officerObjection({ db: tx, directory: ctx.directory }, weighed);
  if (refusal !== null) return { refusal };
  const documentationDueAt = later(now, ground.rules.documentation);
  await commit(tx, ctx, override, { person, now, documentationDueAt, source });
  return { refusal: null };
}

type Confirmed = Pick<OverrideConfirmation, 'person'> & {
  readonly now: string;
  readonly documentationDueAt: string;
  readonly source: string | undefined;
};

async function commit(
  tx: Tx,
  ctx: OverrideContext,
  override: OverrideRow,
  { person, now, documentationDueAt, source }: Confirmed,
): Promise<void> {
  const { artifact, modelId, modelVersion, environment, expiresAt, unmet } = override;
  const terms = { grantedAt: now, expiresAt, documentationDueAt };
  const body = {
    ...{ artifact, modelId, modelVersion, environment },
    ...{ person, role: OVERRIDE_ROLE, confirms: override.id, unmet: [...unmet] },
    ...terms,
  };
  const signed = await signStatement(ctx.approvalSigner, { kind: 'override/v1', body }, artifact);
  await recordAsked(tx, signed, now, source);
  await storeConfirmation(tx, override.id, signed.statement);
  await queueOverrideCard(tx, override.id, now);
  const told = override.informed.filter((approver) => approver !== person);
  await queueOverrideNews(tx, override, 'skipped', told, now);
}
