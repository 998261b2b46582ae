import { z } from 'zod';
import {
  Digest,
  type Directory,
  type Finding,
  type Instant,
  milestonesBy,
  OVERRIDE_ROLE,
  type OverrideMilestone,
  overrideStanding,
  type PersonId,
  rolesAt,
  undocumentedFinding,
} from '../domain/index.ts';
import { listOverrides, lockOverride, type OverrideRow, type Tx, takeMilestone } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { withEach } from './duties.ts';
import { peopleNow } from './people-now.ts';
import { queueOverrideCard, queueOverrideNews } from './queue-override.ts';

const Artifacts = z.object({ artifact: z.object({ digest: Digest }) });

type Context = Pick<BaseContext, 'db' | 'clock'> & { readonly directory: Directory };

/**
 * Notices what time does to overrides: that one ended, was never confirmed, or owes its documentation. All of it follows
 * from stored times, and each moment is noticed once, by whatever process. Returns how many were.
 */
export async function followOverrides(ctx: Context): Promise<number> {
  const open = await listOverrides(ctx.db, { unsettled: ctx.clock.now() });
  let noticed = 0;
  await withEach(open, nameOf, async (override) => {
    if (milestonesBy(override, ctx.clock.now()).length > 0) noticed += await notice(ctx, override.id);
  });
  return noticed;
}

function notice(ctx: Context, id: string): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    // Documentation takes the same lock: nobody is asked for what was given a moment before.
    const override = await lockOverride(tx, id);
    if (override === null) return 0;
    const now = ctx.clock.now();
    let noticed = 0;
    for (const milestone of milestonesBy(override, now)) {
      if (!(await takeMilestone(tx, id, milestone, now))) continue;
      noticed += 1;
      await queueOverrideNewsOf(tx, ctx, override, milestone, now);
    }
    if (noticed > 0) await queueOverrideCard(tx, id, now);
    return noticed;
  });
}

async function queueOverrideNewsOf(
  tx: Tx,
  { directory }: Context,
  override: OverrideRow,
  milestone: OverrideMilestone,
  now: Instant,
): Promise<void> {
  if (milestone !== 'reminder' && milestone !== 'overdue') return;
  const granters = [override.person, ...(override.confirmedBy === null ? [] : [override.confirmedBy])];
  const others = milestone === 'overdue' ? await officers(tx, directory, now) : [];
  await queueOverrideNews(tx, override, milestone, [...granters, ...others], now);
}

/** What is overdue is every override officer's business: none of them can override that model now. */
async function officers(tx: Tx, directory: Directory, now: Instant): Promise<PersonId[]> {
  const people = await peopleNow({ db: tx, directory });
  return [...people.keys()].filter((person) => rolesAt(people, person, now).has(OVERRIDE_ROLE));
}

/** Adds a finding about each override that should have been documented by now. @throws as `withEach` */
export async function overrideFindings(
  { db, clock }: Pick<BaseContext, 'db' | 'clock'>,
  found: Finding[],
): Promise<void> {
  const now = clock.now();
  await withEach(await listOverrides(db, { unsettled: now }), nameOf, (override) => {
    if (overrideStanding(override, now).documentation !== 'overdue') return;
    const { artifact } = Artifacts.parse(override);
    found.push(undocumentedFinding({ ...override, artifact: artifact.digest }));
  });
}

function nameOf({ id }: OverrideRow): string {
  return `override ${id}`;
}
