import {
  type Directory,
  type Instant,
  OVERRIDE_ROLE,
  type OverrideRefusal,
  type PersonId,
  type SlackAccount,
} from '../domain/index.ts';
import type { Db } from '../storage/index.ts';
import { objectionOfSlack } from './confirm-roles.ts';

/** Somebody who overrides, and what their role as stored says of that. */
export interface Officer {
  readonly person: PersonId;
  /** The Slack account that acted, which must be able to. */
  readonly account: SlackAccount;
  /** Null where nothing objects. */
  readonly refusal: OverrideRefusal | null;
  readonly now: Instant;
}

/** Why an officer does not count, by what Slack says and by how old that is; else the refusal as it was. */
export async function officerObjection(
  ctx: { readonly db: Db; readonly directory: Directory },
  { person, account, refusal, now }: Officer,
): Promise<OverrideRefusal | null> {
  const approval = { roles: [OVERRIDE_ROLE], decisions: [] };
  const result =
    refusal === null
      ? { ok: true as const, decision: { decision: 'approved' as const } }
      : { ok: false as const, refusal };
  return (await objectionOfSlack(ctx, { person, account, approval, result, now })) ?? refusal;
}
