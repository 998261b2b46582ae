import { type HandledAlert, type Handling, handlingOf, type StormAlert } from '../domain/index.ts';
import {
  type FindingRow,
  findFinding,
  findingEvents,
  findingsOfStorm,
  findStorm,
  latestRunOf,
} from '../storage/index.ts';
import { alertMessage } from './alert-message.ts';
import type { BaseContext } from './context.ts';

/** What describing a finding takes. */
type Ctx = Pick<BaseContext, 'db' | 'clock'>;

/** Findings with what people did about them. */
export async function withHandling<T extends { readonly id: number }>(
  { db, clock }: Ctx,
  rows: readonly T[],
): Promise<(T & { readonly handling: Handling })[]> {
  const events = await findingEvents(
    db,
    rows.map(({ id }) => id),
  );
  const now = clock.now();
  return rows.map((row) => ({ ...row, handling: handlingOf(events.get(row.id) ?? [], now) }));
}

/** A finding as it is told now; null when there is none. */
export async function describeAlert(
  ctx: Ctx,
  findingId: number,
): Promise<(HandledAlert & FindingRow) | null> {
  const found = await findFinding(ctx.db, findingId);
  if (found === null) return null;
  const [row = { ...found, handling: handlingOf([], ctx.clock.now()) }] = await withHandling(ctx, [found]);
  return { ...row, submission: (await submissionOf(ctx, found))?.id ?? null };
}

/** The newest run of the bytes that a finding sees, under their name: other bytes run again would not mend it. */
export async function submissionOf({ db }: Pick<Ctx, 'db'>, { finding }: Pick<FindingRow, 'finding'>) {
  return finding.observed === null ? null : latestRunOf(db, finding, finding.observed);
}

/** A storm as it is told now; null when there is none. */
export async function describeStorm(ctx: Ctx, stormId: number) {
  const storm = await findStorm(ctx.db, stormId);
  if (storm === null) return null;
  const rows = await withHandling(ctx, await findingsOfStorm(ctx.db, stormId));
  const alerts: StormAlert[] = [];
  for (const row of rows) {
    alerts.push({ ...row, message: row.storm === null ? await alertMessage(ctx, row.id) : null });
  }
  return { ...storm, alerts };
}
