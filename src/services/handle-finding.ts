import {
  CountersignError,
  type Directory,
  type FindingEvent,
  type FindingStep,
  type HandledAlert,
  type HandlingRefusal,
  type Instant,
  LONGEST_MUTE,
  type PersonId,
  type SlackAccount,
  type Trust,
} from '../domain/index.ts';
import { later } from '../lib/index.ts';
import {
  addToOutbox,
  findingEventBySource,
  insertFindingEvent,
  lockFinding,
  type Tx,
  tellApart,
} from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { describeAlert } from './describe-alert.ts';
import { once } from './once.ts';
import { queueDelivery } from './queue-news.ts';
import { mayAct, whoActs } from './who-acts.ts';
import { whoRenews } from './who-renews.ts';

/** What somebody does about a finding. */
export type FindingAction =
  | { readonly kind: 'acknowledge' | 'unmute' | 'run' | 'renew' | 'block' }
  /** For so many milliseconds. */
  | { readonly kind: 'mute'; readonly duration: number; readonly reason: string };

/** An action with who takes it, and what names it: the same action again changes nothing. */
export interface TakenAction {
  readonly findingId: number;
  readonly action: FindingAction;
  /** Who takes it: by a Slack account, or as the person that a token speaks for. */
  readonly actor: SlackAccount | PersonId;
  readonly source: string;
}

/** What became of it; the alert as it stands then, where there is one. */
export type HandlingResult =
  | { readonly ok: true; readonly event: FindingEvent; readonly alert: HandledAlert }
  | { readonly ok: false; readonly refusal: HandlingRefusal; readonly alert: HandledAlert | null };

/** What handling takes. */
type HandlingContext = BaseContext & { readonly directory: Directory; readonly trust: Trust };

/**
 * Notes what a person of the people map does about a finding, and has its message show it. Nothing of it changes what
 * is judged: it tells people that others know, and the monitor what it may block beyond its limits.
 */
export async function handleFinding(ctx: HandlingContext, taken: TakenAction): Promise<HandlingResult> {
  // What a person does by the API is repeated by nobody but them.
  const source = typeof taken.actor === 'string' ? undefined : taken.source;
  const refusal = (await once(ctx, source, (tx) => handle(tx, ctx, taken))).refusal;
  const alert = await describeAlert(ctx, taken.findingId);
  if (refusal !== null) return { ok: false, refusal, alert };
  const event = await findingEventBySource(ctx.db, taken.source);
  if (event === null || alert === null)
    throw new CountersignError('internal', `what was done about finding ${taken.findingId} is gone`);
  return { ok: true, event, alert };
}

async function handle(
  tx: Tx,
  ctx: HandlingContext,
  taken: TakenAction,
): Promise<{ readonly refusal: HandlingRefusal | null }> {
  const inside = { ...ctx, db: tx };
  await lockFinding(tx, taken.findingId);
  const alert = await describeAlert(inside, taken.findingId);
  const { actor } = taken;
  const who = typeof actor === 'string' ? await mayAct(inside, actor) : await whoActs(inside, actor);
  if (typeof who !== 'string') return who;
  if (alert === null) return { refusal: 'unknown_finding' };
  const refusal = objectionTo(taken.action, alert) ?? (await objectionToRenewer(inside, taken, alert, who));
  if (refusal === null) await carryOut(tx, taken, who, ctx.clock.now());
  return { refusal };
}

function objectionTo(action: FindingAction, alert: HandledAlert): HandlingRefusal | null {
  const { handling, state, finding, submission } = alert;
  if (state === 'resolved') return 'resolved';
  switch (action.kind) {
    case 'acknowledge':
      return handling.acknowledged === null ? null : 'already_acknowledged';
    case 'unmute':
      return handling.mute === null ? 'not_muted' : null;
    case 'block':
      if (handling.held === null) return 'not_held';
      return handling.held.allowed === null ? null : 'block_allowed';
    case 'mute':
      return action.duration > LONGEST_MUTE[finding.severity] ? 'mute_too_long' : null;
    case 'run':
    case 'renew':
      if (submission === null) return 'never_submitted';
      return handling.runAsked === null ? null : 'run_asked';
  }
}

/** Whoever may submit can have it run; but the button is for those whom the end concerns. */
async function objectionToRenewer(
  ctx: HandlingContext,
  { action }: TakenAction,
  { submission }: HandledAlert,
  who: PersonId,
): Promise<HandlingRefusal | null> {
  if (action.kind !== 'renew' || submission === null) return null;
  const { owners, approvers } = await whoRenews(ctx, submission);
  return [...owners, ...approvers].includes(who) ? null : 'may_not_renew';
}

async function carryOut(
  tx: Tx,
  { findingId: finding, action, source }: TakenAction,
  person: PersonId,
  at: Instant,
): Promise<void> {
  const step = stepOf(action, at);
  const id = await insertFindingEvent(tx, { finding, step, at, person, source });
  await tellApart(tx, [finding]);
  if (action.kind === 'run' || action.kind === 'renew') await queueRunAgain(tx, finding, id, at);
  await queueDelivery(tx, finding, at);
}

/** Where the bytes can be read is where runs are queued; this process may hold none. */
export async function queueRunAgain(
  tx: Tx,
  finding: number,
  event: number | null,
  at: Instant,
): Promise<void> {
  const payload = { findingId: String(finding), asking: String(event) };
  await addToOutbox(tx, { queue: 'runs', name: 'run-again', payload }, at);
}

function stepOf(action: FindingAction, now: Instant): FindingStep {
  switch (action.kind) {
    case 'acknowledge':
      return { kind: 'acknowledged' };
    case 'unmute':
      return { kind: 'unmuted' };
    case 'run':
    case 'renew':
      return { kind: 'run_asked' };
    case 'block':
      return { kind: 'block_allowed' };
    case 'mute':
      return { kind: 'muted', until: later(now, action.duration), reason: action.reason };
  }
}
