import { signStatement } from '../attestation/index.ts';
import {
  CountersignError,
  OVERRIDE_ROLE,
  objectionToConfirmation,
  type PersonId,
  type SlackAccount,
} from '../domain/index.ts';
import { later } from '../lib/index.ts';
import {
  appendStatement,
  findOverride,
  holdRoles,
  lockOverride,
  type OverrideRow,
  confirmOverride as storeConfirmation,
  type Tx,
} from '../storage/index.ts';
import { earlierOverrides, type OverrideContext, type OverrideResult } from './grant-override.ts';
import { officerObjection } from './officer-objection.ts';
import { overrideGround } from './override-ground.ts';
import { peopleNow } from './people-now.ts';
import { queueOverrideCard, queueOverrideNews } from './queue-override.ts';

/** A second person's word on an override. */
export interface OverrideConfirmation {
  readonly overrideId: string;
  readonly person: PersonId;
  readonly account: SlackAccount;
}

/** The override as asked for. @throws CountersignError `not_found` */
export async function overrideById({ db }: Pick<OverrideContext, 'db'>, id: string): Promise<OverrideRow> {
  const row = await findOverride(db, id);
  if (row === null) throw new CountersignError('not_found', `there is no override ${id}`);
  return row;
}

/**
 * Takes the confirmation of a second person: the override is good from now on, on the same terms, and its documentation
 * due from now. Confirmed again by the same person, it stays as it is.
 *
 * @throws CountersignError `not_found`
 */
export async function confirmOverride(
  ctx: OverrideContext,
  { overrideId, person, account }: OverrideConfirmation,
): Promise<OverrideResult> {
  const asked = await overrideById(ctx, overrideId);
  const ground = await overrideGround(ctx, asked, asked.artifact);
  return ctx.db.transaction().execute(async (tx) => {
    const override = (await lockOverride(tx, overrideId)) ?? asked;
    if (override.confirmedBy === person) return { ok: true, override };
    await holdRoles(tx);
    const now = ctx.clock.now();
    const people = await peopleNow({ db: tx, directory: ctx.directory });
    const earlier = await earlierOverrides(tx, override, now);
    const objection = objectionToConfirmation({ person, people, now }, override, ground, earlier);
    const refusal = await officerObjection(
      { db: tx, directory: ctx.directory },
      { person, account, refusal: objection, now },
    );
    if (refusal !== null) return { ok: false, refusal };
    const documentationDueAt = later(now, ground.rules.documentation);
    return { ok: true, override: await commit(tx, ctx, override, { person, now, documentationDueAt }) };
  });
}

async function commit(
  tx: Tx,
  ctx: OverrideContext,
  override: OverrideRow,
  { person, now, documentationDueAt }: { person: PersonId; now: string; documentationDueAt: string },
): Promise<OverrideRow> {
  const { artifact, modelId, modelVersion, environment, expiresAt, unmet } = override;
  const terms = { grantedAt: now, expiresAt, documentationDueAt };
  const body = {
    ...{ artifact, modelId, modelVersion, environment },
    ...{ person, role: OVERRIDE_ROLE, confirms: override.id, unmet: [...unmet] },
    ...terms,
  };
  const signed = await signStatement(ctx.approvalSigner, { kind: 'override/v1', body }, artifact);
  await appendStatement(tx, signed, now);
  await storeConfirmation(tx, override.id, { person, statement: signed.id, at: now, documentationDueAt });
  await queueOverrideCard(tx, override.id, now);
  const told = override.informed.filter((approver) => approver !== person);
  await queueOverrideNews(tx, override, 'skipped', told, now);
  return { ...override, confirmedBy: person, confirmedAt: now, documentationDueAt };
}
