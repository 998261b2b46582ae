import { type AlertPolicy, digestOf, receiversOf } from '../domain/index.ts';
import {
  addDeliveries,
  claimRouting,
  type FindingRow,
  firingFindings,
  knowReceivers,
  unroutedFindings,
} from '../storage/index.ts';
import type { AlertContext } from './context.ts';

/** What deciding who is told takes. */
type Ctx = Pick<AlertContext, 'db' | 'clock' | 'alerting'>;

type Routed = Pick<FindingRow, 'id' | 'finding'>;

/** Decides who is told of findings, unless that was decided before. */
export async function routeFindings({ db, clock, alerting }: Ctx, rows: readonly Routed[]): Promise<void> {
  if (rows.length === 0) return;
  const now = clock.now();
  await db.transaction().execute(async (tx) => {
    const fresh = new Set(await claimRouting(tx, rows.map(idOf), now));
    const wanted = rows.filter(({ id }) => fresh.has(id)).map((row) => wantedOf(alerting.policy, row));
    await addDeliveries(tx, wanted, now);
  });
}

function wantedOf(policy: AlertPolicy, { id, finding }: Routed) {
  return { finding: id, receivers: receiversOf(policy, finding) };
}

function idOf({ id }: Routed): number {
  return id;
}

/** Decides it for each finding for which it was not decided yet. */
export async function routeNewFindings(ctx: Ctx): Promise<void> {
  await routeFindings(ctx, await unroutedFindings(ctx.db));
}

/**
 * What a process does that has just started, for its configuration may be another one: makes its receivers known, and has
 * those be told of what fires that were not before.
 */
export async function beginRouting({ db, clock, alerting }: Ctx): Promise<void> {
  const { policy, receivers, channels } = alerting;
  const places = channels.map(({ receiver, name }) => ({ name: receiver, address: digestOf(name) }));
  await knowReceivers(db, [...receivers, ...places], policy.receivers);
  const now = clock.now();
  const firing = await firingFindings(db);
  await db.transaction().execute(async (tx) => {
    await claimRouting(tx, firing.map(idOf), now);
    await addDeliveries(
      tx,
      firing.map((row) => wantedOf(policy, row)),
      now,
    );
  });
}
