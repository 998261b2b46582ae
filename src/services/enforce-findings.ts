import { type SignedStatement, signStatement } from '../attestation/index.ts';
import {
  type EnforcementPlan,
  type EnforcementPolicy,
  enforcementDigest,
  type Finding,
  type FindingStep,
  fileArtifact,
  handlingOf,
  type Instant,
  isKeptOpen,
  type PersonId,
  planEnforcement,
  type StatementId,
} from '../domain/index.ts';
import { HOUR, later } from '../lib/index.ts';
import {
  addToOutbox,
  appendStatement,
  awaitLock,
  blocksSince,
  type EnforcementRow,
  endEnforcement,
  findingEvents,
  findingsAllowed,
  findingsById,
  firingOfKinds,
  insertEnforcement,
  insertFindingEvent,
  insertNewFindingEvents,
  newestEnforcements,
  standingEnforcements,
  type Tx,
} from '../storage/index.ts';
import type { EnforcementContext } from './context.ts';
import { queueNews } from './queue-news.ts';

/** What a round of enforcing did. */
export interface Enforced {
  readonly blocked: number;
  readonly held: number;
  readonly released: number;
}

/**
 * Has the traffic of deployments blocked that the rules name, and let through again where nothing of it fires any more.
 * Each is a signed statement in the ledger and a step of its finding; whoever blocks traffic is told afterwards. All of it
 * commits together, and safely runs again at any time.
 */
export async function enforceFindings(ctx: EnforcementContext): Promise<Enforced> {
  const { policy } = ctx.enforcement;
  return ctx.db.transaction().execute(async (tx) => {
    await awaitLock(tx, 'countersign enforcement');
    const standing = await standingEnforcements(tx);
    if (policy.mode === 'off' && standing.length === 0) return { blocked: 0, held: 0, released: 0 };
    const now = ctx.clock.now();
    const kinds = policy.rules.flatMap((rule) => rule.kinds);
    const firing = (await firingOfKinds(tx, kinds)).filter(({ finding }) => !isKeptOpen(finding));
    const blockedAt = await blocksSince(tx, later(now, -HOUR));
    const facts = { firing, standing, blockedAt, now };
    const { held: beyond } = planEnforcement(policy, { ...facts, allowed: new Map() });
    const plan = planEnforcement(policy, { ...facts, allowed: await allowedAmong(tx, beyond, now) });
    const released = new Set(plan.release);
    for (const row of standing.filter(({ deployment }) => released.has(deployment)))
      await release(tx, ctx, row);
    for (const row of plan.block) await block(tx, ctx, policy, row);
    const held = await hold(tx, ctx, plan.held);
    return { blocked: plan.block.length, held, released: plan.release.length };
  });
}

/** Who let what is held be blocked all the same, and whose word still counts. */
async function allowedAmong(
  tx: Tx,
  held: EnforcementPlan['held'],
  now: Instant,
): Promise<ReadonlyMap<number, PersonId>> {
  if (held.length === 0) return new Map();
  const ids = await findingsAllowed(
    tx,
    held.map(({ id }) => id),
  );
  const events = await findingEvents(tx, ids);
  return new Map(
    [...events].flatMap(([id, steps]) => {
      const by = handlingOf(steps, now).held?.allowed?.by ?? null;
      return by === null ? [] : [[id, by] as const];
    }),
  );
}

async function block(
  tx: Tx,
  ctx: EnforcementContext,
  { mode }: EnforcementPolicy,
  { id: finding, finding: about, allowedBy }: EnforcementPlan['block'][number],
): Promise<void> {
  const dryRun = mode !== 'on';
  const signed = await sign(tx, ctx, about, {
    action: 'block',
    dryRun,
    ...(allowedBy === null ? {} : { allowedBy }),
  });
  const blockedAt = ctx.clock.now();
  const { deployment } = about;
  const id = await insertEnforcement(tx, { deployment, finding, dryRun, block: signed.id, blockedAt });
  await tell(tx, ctx, finding, { kind: 'blocked', dryRun }, `block ${id}`);
  if (!dryRun) await queueOrder(tx, ctx, id);
}

/** Notes what is held for a person, of each finding once and anew after it was blocked, and has it told. How many were noted. */
async function hold(tx: Tx, { clock }: EnforcementContext, held: EnforcementPlan['held']): Promise<number> {
  if (held.length === 0) return 0;
  const now = clock.now();
  const ids = held.map(({ id }) => id);
  const before = await newestEnforcements(tx, ids);
  const events = held.map(({ id: finding, why }) => {
    const step = { kind: 'block_held', why } as const;
    const last = before.get(finding);
    return { finding, step, source: `hold ${finding}${last === undefined ? '' : ` after ${last}`}` };
  });
  const changed = await insertNewFindingEvents(tx, events, now);
  if (changed.length > 0) await queueNews(tx, { fired: [], changed }, now);
  return changed.length;
}

async function release(tx: Tx, ctx: EnforcementContext, row: EnforcementRow): Promise<void> {
  const { id, finding, dryRun, block: ends } = row;
  const [found] = await findingsById(tx, [finding]);
  if (found === undefined) return;
  const signed = await sign(tx, ctx, found.finding, { action: 'release', dryRun, ends });
  await endEnforcement(tx, id, { release: signed.id, at: ctx.clock.now() });
  await tell(tx, ctx, finding, { kind: 'released', dryRun }, `release ${id}`);
  if (!dryRun) await queueOrder(tx, ctx, id);
}

async function sign(
  tx: Tx,
  { monitorSigner, clock }: EnforcementContext,
  { environment, deployment, key: finding, observed }: Finding,
  what: {
    readonly action: 'block' | 'release';
    readonly dryRun: boolean;
    readonly ends?: StatementId;
    readonly allowedBy?: PersonId;
  },
): Promise<SignedStatement<'enforcement/v1'>> {
  if (observed === null) throw new Error(`nothing is known of what ${deployment} serves`);
  const said = { environment, deployment, finding, observed, ...what, decidedAt: clock.now() };
  const terms = enforcementDigest(said);
  const predicate = { kind: 'enforcement/v1' as const, body: { ...said, terms } };
  const signed = await signStatement(monitorSigner, predicate, fileArtifact(terms));
  await appendStatement(tx, signed, clock.now());
  return signed;
}

async function tell(
  tx: Tx,
  { clock }: EnforcementContext,
  finding: number,
  step: FindingStep,
  source: string,
): Promise<void> {
  const at = clock.now();
  if ((await insertFindingEvent(tx, { finding, step, at, source })) === null) return;
  await queueNews(tx, { fired: [], changed: [finding] }, at);
}

async function queueOrder(tx: Tx, { clock }: EnforcementContext, id: number): Promise<void> {
  const payload = { enforcementId: String(id) };
  await addToOutbox(tx, { queue: 'publishing', name: 'order-enforcement', payload }, clock.now());
}
