import { type Instant, overrideStanding } from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import { countOverrides, OVERRIDE_STATES, type OverridePage, overridePage } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import type { OverrideStatus } from './document-override.ts';
import { overrideById } from './override-by-id.ts';
import { pageOf } from './page-of.ts';

export { OVERRIDE_STATES };

/**
 * A page of the overrides, newest first, each with where it stands now; `next` is the `after` of the page that follows,
 * null where none does.
 * @throws CountersignError `not_found` for an `after` that names no override
 */
export async function overridesOnPage(
  ctx: BaseContext,
  page: OverridePage,
): Promise<{ readonly overrides: readonly OverrideStatus[]; readonly next: string | null }> {
  const { after, limit } = page;
  if (after !== undefined) await overrideById(ctx, after);
  const now = ctx.clock.now();
  const { rows, next } = pageOf(await overridePage(ctx.db, now, { ...page, limit: limit + 1 }), limit);
  return { overrides: rows.map((override) => ({ override, ...overrideStanding(override, now) })), next };
}

/** How many overrides of a model came in the 90 days before an instant, whatever became of them: what repeats is no emergency. */
export function overridesBefore({ db }: BaseContext, modelId: string, at: Instant): Promise<number> {
  return countOverrides(db, modelId, { after: later(at, -90 * DAY), before: at });
}
