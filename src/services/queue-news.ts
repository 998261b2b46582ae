import { type Finding, groupStorms, type Instant } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import {
  addToOutbox,
  type FindingRow,
  findingsById,
  insertStorm,
  type Tx,
  toldSince,
  wantTold,
} from '../storage/index.ts';

/** Findings of which there is something to tell, by id. */
export interface News {
  /** Nothing was told of these yet. */
  readonly fired: readonly number[];
  readonly changed: readonly number[];
}

/** Asks for a finding to be told in a message of its own, as it stands when that is done. */
export async function queueDelivery(tx: Tx, findingId: number, now: Instant): Promise<void> {
  await wantTold(tx, [findingId], now);
  const payload = { findingId: String(findingId) };
  await addToOutbox(tx, { queue: 'alerts', name: 'deliver-finding', payload }, now);
}

/** Has those told directly whom the end of some governance concerns; nothing for other findings. */
export async function queueExpiryNews(
  tx: Tx,
  findingId: number,
  { expiry }: Finding,
  now: Instant,
): Promise<void> {
  if (expiry === undefined) return;
  const payload = { findingId: String(findingId), warning: String(expiry.warning) };
  await addToOutbox(tx, { queue: 'slack', name: 'tell-expiry', payload }, now);
}

async function queueStorm(tx: Tx, stormId: number, now: Instant): Promise<void> {
  await addToOutbox(
    tx,
    { queue: 'alerts', name: 'deliver-storm', payload: { stormId: String(stormId) } },
    now,
  );
}

/**
 * Asks for findings to be told: each once, in its own message, or all of a storm in the storm's. New ones that are too
 * many for a message each become a storm.
 */
export async function queueNews(tx: Tx, { fired, changed }: News, now: Instant): Promise<void> {
  const rows = await findingsById(tx, [...new Set([...fired, ...changed])]);
  await wantTold(tx, changed, now);
  const fresh = rows.filter((row) => fired.includes(row.id) && row.storm === null);
  const { alone, storms } = groupStorms(fresh, await toldBefore(tx, fresh, now));
  for (const { kind, findings } of storms) {
    const ids = findings.map(({ id }) => id);
    await queueStorm(tx, await insertStorm(tx, { kind, beganAt: now }, ids), now);
  }
  const others = rows.filter((row) => !fresh.includes(row));
  for (const { id } of [...alone, ...others.filter(({ storm }) => storm === null)])
    await queueDelivery(tx, id, now);
  for (const storm of new Set(others.flatMap(({ storm }) => (storm === null ? [] : [storm]))))
    await queueStorm(tx, storm, now);
}

async function toldBefore(tx: Tx, fresh: readonly FindingRow[], now: Instant): Promise<number> {
  if (fresh.length === 0) return 0;
  const since = later(now, -MINUTE);
  const counted = await toldSince(tx, since);
  return Math.max(0, counted - fresh.filter(({ firedAt }) => firedAt > since).length);
}
