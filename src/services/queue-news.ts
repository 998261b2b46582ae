import { groupStorms, type Instant, type Job, type QueueName } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import {
  addAllToOutbox,
  type FindingRow,
  findingsById,
  insertStorm,
  type Occurrence,
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
  await queueDeliveries(tx, [findingId], now);
}

async function queueDeliveries(tx: Tx, ids: readonly number[], now: Instant): Promise<void> {
  await wantTold(tx, ids, now);
  const jobs = ids.map((id) => job('alerts', 'deliver-finding', { findingId: String(id) }));
  await addAllToOutbox(tx, jobs, now);
}

/** Has those told directly whom the end of some governance concerns; nothing for other findings. */
export async function queueExpiryNews(
  tx: Tx,
  occurrences: readonly Occurrence[],
  now: Instant,
): Promise<void> {
  const jobs = occurrences.flatMap(({ id, finding: { expiry } }) =>
    expiry === undefined
      ? []
      : [job('slack', 'tell-expiry', { findingId: String(id), warning: String(expiry.warning) })],
  );
  await addAllToOutbox(tx, jobs, now);
}

function job(queue: QueueName, name: string, payload: Job['payload']): Job {
  return { queue, name, payload };
}

/**
 * Asks for findings to be told: each once, in its own message, or all of a storm in the storm's. New ones that are too
 * many for a message each become a storm.
 */
export async function queueNews(tx: Tx, { fired, changed }: News, now: Instant): Promise<void> {
  const isNew = new Set(fired);
  const rows = await findingsById(tx, [...new Set([...fired, ...changed])]);
  await wantTold(tx, changed, now);
  const isFresh = (row: FindingRow) => isNew.has(row.id) && row.storm === null;
  const fresh = rows.filter(isFresh);
  const others = rows.filter((row) => !isFresh(row));
  const { alone, storms } = groupStorms(fresh, await toldBefore(tx, fresh, now));
  const begun: number[] = [];
  for (const { kind, findings } of storms) {
    const ids = findings.map(({ id }) => id);
    begun.push(await insertStorm(tx, { kind, beganAt: now }, ids));
  }
  const single = [...alone, ...others.filter(({ storm }) => storm === null)];
  const goingOn = others.flatMap(({ storm }) => storm ?? []);
  const stormJobs = [...begun, ...new Set(goingOn)].map((id) =>
    job('alerts', 'deliver-storm', { stormId: String(id) }),
  );
  await queueDeliveries(
    tx,
    single.map(({ id }) => id),
    now,
  );
  await addAllToOutbox(tx, stormJobs, now);
}

async function toldBefore(tx: Tx, fresh: readonly FindingRow[], now: Instant): Promise<number> {
  if (fresh.length === 0) return 0;
  const since = later(now, -MINUTE);
  const counted = await toldSince(tx, since);
  return Math.max(0, counted - fresh.filter(({ firedAt }) => firedAt > since).length);
}
