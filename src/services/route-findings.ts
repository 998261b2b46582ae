import { digestOf, receiversOf } from '../domain/index.ts';
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

/** Decides who is told of a finding, unless that was decided before. */
export async function routeFinding(
  { db, clock, alerting }: Ctx,
  { id, finding }: Pick<FindingRow, 'id' | 'finding'>,
): Promise<void> {
  const now = clock.now();
  await db.transaction().execute(async (tx) => {
    if (await claimRouting(tx, id, now))
      await addDeliveries(tx, id, receiversOf(alerting.policy, finding), now);
  });
}

/** Decides it for each finding for which it was not decided yet. */
export async function routeNewFindings(ctx: Ctx): Promise<void> {
  for (const row of await unroutedFindings(ctx.db)) await routeFinding(ctx, row);
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
  for (const { id, finding } of await firingFindings(db))
    await db.transaction().execute(async (tx) => {
      await claimRouting(tx, id, now);
      await addDeliveries(tx, id, receiversOf(policy, finding), now);
    });
}
