import { sql } from 'kysely';
import {
  type Approval,
  approvalState,
  type GivenDecision,
  type Instant,
  type People,
  type PersonId,
  type Role,
} from '../../domain/index.ts';
import type { Tx } from '../database.ts';
import { draftOf } from './tables.ts';

const REQUESTS = sql.ref(draftOf('approval_requests'));
const DECISIONS = sql.ref(draftOf('approval_decisions'));

/**
 * Says of a request in the draft whether it is decided, after an answer was given or taken back: by the rule by which
 * it was decided in the first place.
 */
export async function decideAnew(
  tx: Tx,
  { request, at }: { readonly request: string; readonly at: Instant },
  people: People,
): Promise<void> {
  const { rows } = await sql<{ asked: Role[]; expires_at: Instant }>`
    select asked, expires_at from ${REQUESTS} where id = ${request}`.execute(tx);
  const [asked] = rows;
  if (asked === undefined) return;
  const decisions = await standing(tx, request);
  const approval = { ...UNSEEN, roles: asked.asked, expiresAt: asked.expires_at, decisions };
  const isDecided = (by: People) => ['approved', 'rejected'].includes(approvalState(approval, by, at));
  const [strictly, asSigned] = [people, asTheySigned(decisions)].map((by) => (isDecided(by) ? at : null));
  await sql`update ${REQUESTS} set decided_at = ${strictly}, decided_as_signed = ${asSigned}
    where id = ${request}`.execute(tx);
}

/** What a view would say has no part in where a request stands. */
const UNSEEN = {
  id: '',
  view: '',
  excluded: [],
  superseded: false,
  confirmation: 'confirm',
} as unknown as Approval;

async function standing(tx: Tx, request: string): Promise<GivenDecision[]> {
  const { rows } = await sql<
    Pick<GivenDecision, 'person' | 'roles' | 'decision' | 'decidedAt'> & {
      on_behalf_of: GivenDecision['onBehalfOf'] | null;
    }
  >`select person, roles, decision, decided_at as "decidedAt", on_behalf_of from ${DECISIONS}
    where request = ${request} and withdrawn_at is null order by decided_at, person`.execute(tx);
  return rows.map(({ on_behalf_of, ...given }) => ({
    ...given,
    ...(on_behalf_of === null || on_behalf_of === undefined ? {} : { onBehalfOf: on_behalf_of }),
  }));
}

/** Everybody with the roles in which they decided: a people map that was rewritten since may know better, or worse. */
function asTheySigned(decisions: readonly GivenDecision[]): People {
  const held = Map.groupBy(decisions, ({ person, onBehalfOf }): PersonId => onBehalfOf?.person ?? person);
  return new Map(
    [...held].map(([id, given]) => {
      const roles = new Set(given.flatMap((one) => one.roles));
      return [id, { id, roles: [...roles].map((role) => ({ role })) }];
    }),
  );
}
