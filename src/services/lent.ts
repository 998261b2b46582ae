import type { Instant, Lent } from '../domain/index.ts';
import { type Db, type DelegationRow, delegationsInForce } from '../storage/index.ts';

/** Who may decide in whose place at an instant. */
export async function lentNow(db: Db, now: Instant): Promise<Lent[]> {
  return (await delegationsInForce(db, now)).map(lentBy);
}

function lentBy({ id, delegator, delegate, roles, from, until }: DelegationRow): Lent {
  return { delegate, terms: { person: delegator, delegation: id, roles: [...roles], from, until } };
}
