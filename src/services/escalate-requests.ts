import {
  type ApprovalStage,
  ApprovalView,
  approvalFor,
  askedBy,
  dueHops,
  type Helper,
  type Hop,
  hopsOf,
  type Instant,
  nextWorking,
  type PersonId,
  rolesAt,
  type WorkingHours,
  whoCanHelp,
} from '../domain/index.ts';
import {
  type ApprovalRequestRow,
  addToOutbox,
  decisionsOn,
  escalationsOf,
  insertAsks,
  insertEscalation,
  lockApprovalRequest,
  openApprovalRequests,
  type Tx,
  takeDueAsks,
} from '../storage/index.ts';
import { toApproval } from './approval-status.ts';
import type { BaseContext, TrustContext } from './context.ts';
import { withEach } from './duties.ts';
import { lentNow } from './lent.ts';
import { peopleNow } from './people-now.ts';
import { queueCardUpdate } from './queue-card.ts';
import { timeZoneOf } from './time-zone.ts';

type Context = BaseContext & Pick<TrustContext, 'directory' | 'trust'>;

/**
 * Takes the hops of open requests whose time has come: reminds, brings others in, and has those asked whose working
 * hours have begun. All of it follows from stored times, so that neither restarts nor jumps of the clock lose any, and
 * each hop is taken once, by whatever process. Returns how many were taken.
 */
export async function escalateRequests(ctx: Context): Promise<number> {
  const open = await openApprovalRequests(ctx.db, ctx.clock.now());
  let taken = 0;
  try {
    await withEach(open, nameOf, async ({ id, view: stored }) => {
      const view = ApprovalView.parse(stored);
      const stage = stageOf(ctx, view);
      if (stage !== null && (await anyDue(ctx, { id, view }, stage))) taken += await takeHops(ctx, id, stage);
    });
  } finally {
    await queueDueAsks(ctx);
  }
  return taken;
}

function nameOf({ id }: ApprovalRequestRow): string {
  return `approval request ${id}`;
}

/** The approval stage by whose rules a request was made; null where its pipeline is registered no more. */
function stageOf(
  { trust }: Context,
  { pipeline, riskTier }: ApprovalRequestRow['view'],
): ApprovalStage | null {
  const known = trust.pipelines.get(pipeline);
  return known === undefined ? null : approvalFor(known, riskTier);
}

function hopsFor({ view }: Pick<ApprovalRequestRow, 'view'>, { sla, escalation }: ApprovalStage): Hop[] {
  return hopsOf({ requestedAt: view.requestedAt, expiresAt: view.expiresAt, sla }, escalation);
}

/** Looked at before any lock is taken: most requests have nothing due at most times. */
async function anyDue(
  { db, clock }: Context,
  request: Pick<ApprovalRequestRow, 'id' | 'view'>,
  stage: ApprovalStage,
): Promise<boolean> {
  const done = new Set((await escalationsOf(db, request.id)).map(({ hop }) => hop));
  const { take, skip } = dueHops(hopsFor(request, stage), done, clock.now());
  return take.length + skip.length > 0;
}

function takeHops(ctx: Context, id: string, stage: ApprovalStage): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    // Decisions take the same lock: nobody is asked for what was decided a moment before.
    const request = await lockApprovalRequest(tx, id);
    if (request === null || request.decidedAt !== null || request.supersededAt !== null) return 0;
    const now = ctx.clock.now();
    const hops = hopsFor(request, stage);
    const done = new Set((await escalationsOf(tx, id)).map(({ hop }) => hop));
    const { take, skip } = dueHops(hops, done, now);
    for (const hop of skip) await insertEscalation(tx, id, skippedAt(hop, now));
    const helpers = await helpersOf(tx, ctx, request, now);
    for (const hop of take) {
      const earlier = hops.slice(0, hops.indexOf(hop));
      await takeHop(tx, ctx, request, stage, hop, askedBy(hop, earlier, helpers), now);
    }
    if (take.length > 0) await queueCardUpdate(tx, id, now);
    return take.length;
  });
}

function skippedAt({ id, at }: Hop, now: Instant) {
  return { hop: id, dueAt: at, takenAt: now, outcome: 'skipped', asked: [], channel: null } as const;
}

/** Everybody who can help, and whether as a backup. */
async function helpersOf(
  tx: Tx,
  { directory }: Context,
  request: ApprovalRequestRow,
  now: Instant,
): Promise<Helper[]> {
  const approval = toApproval(request, await decisionsOn(tx, request.id));
  const people = await peopleNow({ db: tx, directory });
  const lent = await lentNow(tx, now);
  const isBackup = (person: PersonId) => {
    const held = rolesAt(people, person, now);
    const roles = approval.roles.filter((role) => held.has(role));
    return roles.length === 0 ? null : directory.isBackup(person, roles);
  };
  return whoCanHelp(approval, people, now, lent).map((person) => {
    const places = lent.flatMap(({ delegate, terms }) => (delegate === person ? [terms.person] : []));
    // Who decides in another's place is asked when that one is.
    return { person, backup: isBackup(person) ?? places.every((place) => isBackup(place) !== false) };
  });
}

async function takeHop(
  tx: Tx,
  ctx: Context,
  { id }: ApprovalRequestRow,
  { escalation }: ApprovalStage,
  hop: Hop,
  asked: readonly PersonId[],
  now: Instant,
): Promise<void> {
  const channel = hop.kind === 'escalation' ? hop.level.channel : null;
  const outcome = asked.length > 0 ? 'asked' : 'nobody';
  await insertEscalation(tx, id, { hop: hop.id, dueAt: hop.at, takenAt: now, outcome, asked, channel });
  const { askingHours } = escalation;
  const asks = asked.map(async (person) => {
    const hours = askingHours && (await hoursOf({ ...ctx, db: tx }, person, askingHours));
    return { request: id, hop: hop.id, person, dueAt: hours === null ? now : nextWorking(now, hours) };
  });
  await insertAsks(tx, await Promise.all(asks));
  if (hop.kind === 'escalation')
    await addToOutbox(
      tx,
      { queue: 'slack', name: 'tell-escalation', payload: { requestId: id, hop: hop.id } },
      now,
    );
}

/** The hours at which a person is asked, on the clocks of where they live. */
async function hoursOf(ctx: Context, person: PersonId, hours: WorkingHours): Promise<WorkingHours> {
  const timeZone = await timeZoneOf(ctx, person);
  return timeZone === null ? hours : { ...hours, timeZone };
}

function queueDueAsks({ db, clock }: Context): Promise<void> {
  return db.transaction().execute(async (tx) => {
    const now = clock.now();
    for (const { request, hop, person } of await takeDueAsks(tx, now))
      await addToOutbox(
        tx,
        { queue: 'slack', name: 'ask-approver', payload: { requestId: request, hop, person } },
        now,
      );
  });
}
