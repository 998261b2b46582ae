import {
  DUTIES,
  dutyFailing,
  dutyKey,
  type Finding,
  type FindingKind,
  sourceStale,
  trustFindings,
} from '../domain/index.ts';
import {
  keepHistory,
  noteProductions,
  removeDeployments,
  type SourceState,
  saveDeployments,
  saveSourceStates,
  sourceStates,
} from '../storage/index.ts';
import { type Assessed, assess } from './assess.ts';
import { digestCompleter } from './complete-digest.ts';
import type { MonitorContext } from './context.ts';
import { type Due, dueSubjects } from './due-subjects.ts';
import type { DutyFailure } from './duties.ts';
import type { Lead, Term } from './lead.ts';
import { lookAround } from './look-around.ts';
import { observeSource, type Sight } from './observe-source.ts';
import { seekOthers } from './seek-others.ts';
import { type Settlement, settleFindings } from './settle-findings.ts';
import { type Changes, takeIn } from './take-in.ts';
import { watchLedger } from './watch-ledger.ts';
import { deploymentsOf, forget, outdate, recall } from './watch-memory.ts';

/** What a tick did. */
export interface TickReport {
  /** False when another monitor holds the lead: then nothing was done. */
  readonly led: boolean;
  readonly deployments: number;
  readonly fired: number;
  readonly resolved: number;
  /** Sources that could not be read, or of which only a part could, each with what is wrong. */
  readonly stale: readonly { readonly source: string; readonly problem: string }[];
  /** What it could not read, or not wholly, of what it looks for findings in. */
  readonly failures: readonly DutyFailure[];
}

const STOOD_BY: TickReport = { led: false, deployments: 0, fired: 0, resolved: 0, stale: [], failures: [] };

/**
 * One tick: takes what its looks at the sources came to, judges what may be otherwise than at the last one, reads how the checks prove, holds the
 * ledger to what was known of it, and opens, refreshes or resolves findings. All that a tick concludes commits together
 * with the alerts it causes, and only while the lead is held: all of it, renewals too, goes over the lead's connection.
 */
export async function reconcile(ctx: MonitorContext, lead: Lead): Promise<TickReport> {
  const term = await lead.take();
  if (term === null) return STOOD_BY;
  try {
    return await tick(ctx, term);
  } catch (error) {
    // Part of it may be what was never committed.
    forget(term.memory);
    throw error;
  }
}

async function tick(pooled: MonitorContext, { db, memory, looks }: Term): Promise<TickReport> {
  const ctx = { ...pooled, db };
  const before = await sourceStates(db);
  if (memory.ground === null) await recall(ctx.db, memory);
  const known = Map.groupBy(deploymentsOf(memory), ({ source }) => source);
  const complete = digestCompleter(pooled.db);
  const sights = await lookAround(looks, ctx.sources, {
    now: ctx.clock.now(),
    before,
    look: (source, state) =>
      observeSource(ctx.clock, source, { before: state, known: known.get(source.name) ?? [], complete }),
  });
  const changes = takeIn(memory, sights, before);
  const due = await dueSubjects(ctx, memory, changes.changed);
  const judged = await assess(ctx, memory, changes, due);
  const ledger = await watchLedger(ctx);
  const sought = await seekOthers(ctx);
  const others = [
    ...sought.findings,
    ...ledger,
    ...trustFindings(ctx.trust.policy, ctx.trustRefusal(), ctx.clock.now()),
    ...[...(memory.troubles ?? [])].map(([duty, why]) => dutyFailing(duty, why)),
  ];
  const unseen = memory.troubles === null ? DUTIES.map(dutyKey) : [];
  const settled = await commit(ctx, {
    sights,
    changes,
    due,
    judged,
    others,
    unseen,
    unsought: sought.unsought,
  });
  // Of a ledger in which anything may have been changed, what was judged before is worth nothing.
  memory.ground = ledger.some(({ kind }) => kind === 'ledger_tampered') ? null : due.ground;
  if (settled.touched.size > 0) memory.firing = null;
  for (const key of settled.touched) {
    const known = memory.deployments.get(key);
    if (known !== undefined) outdate(memory, known.deployment);
  }
  const { fired, resolved } = settled;
  return {
    led: true,
    deployments: memory.deployments.size,
    fired,
    resolved,
    stale: problemsOf(sights),
    failures: sought.failures,
  };
}

function problemsOf(sights: readonly Sight[]): TickReport['stale'] {
  return sights.flatMap(({ state: { name, problem } }) =>
    problem === null ? [] : [{ source: name, problem }],
  );
}

/** All that a tick looked at. */
interface Look {
  readonly sights: readonly Sight[];
  readonly changes: Changes;
  readonly due: Due;
  readonly judged: readonly Assessed[];
  /** Findings about no deployment: about checks, overrides, published evidence and the ledger. */
  readonly others: readonly Finding[];
  /** What nothing is known of yet, besides deployments. */
  readonly unseen: readonly string[];
  readonly unsought: ReadonlySet<FindingKind>;
}

async function commit(
  { db, clock, excusedEnvironments }: MonitorContext,
  { sights, changes: { changed, gone }, due: { round }, judged, others, unseen, unsought }: Look,
): Promise<Settlement> {
  const states = sights.map(({ state }) => state);
  const rows = judged.filter(({ key, isNew }) => isNew || changed.has(key) || round?.has(key));
  const keys = rows.map(({ key }) => key);
  const looked = judged.map(({ key }) => key);
  return db.transaction().execute(async (tx) => {
    await saveDeployments(tx, rows);
    await removeDeployments(tx, gone);
    await keepHistory(tx, clock.now(), [...keys, ...gone]);
    await noteProductions(tx, [...excusedEnvironments], keys);
    await saveSourceStates(tx, states);
    const deployed = judged.flatMap((row) => row.findings);
    return settleFindings(tx, clock.now(), {
      findings: [...deployed, ...states.flatMap(staleSource), ...others],
      about: round === null ? null : [...looked, ...gone],
      unseen: new Set([...judged.flatMap(unseenKey), ...unseen]),
      unsought,
    });
  });
}

/** What was not seen, or whose bytes could not be told. */
function unseenKey({ key, deployment: { digest, staleSince } }: Assessed): string[] {
  return digest === null || staleSince !== null ? [key] : [];
}

function staleSource({ name, problem }: SourceState): Finding[] {
  return problem === null ? [] : [sourceStale(name, problem)];
}
