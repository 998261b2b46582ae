import { type CONCLUDING_DUTIES, type Duty, type Logger, SNAPSHOT_DUTY } from '../domain/index.ts';
import {
  askDueRuns,
  type DutyFailure,
  endOutdatedRequests,
  enforceFindings,
  escalateFindings,
  escalateRequests,
  followOverrides,
  headTrouble,
  type Lead,
  lapseRequests,
  noticeOverDelegations,
  queueCheckpoint,
  queueDueAudit,
  queuePublishing,
  queueUntoldFindings,
  refuseGarbled,
  routeNewFindings,
  takeSnapshot,
  tellStormsApart,
  wakeMuted,
  whyGarbled,
} from '../services/index.ts';
import type { MonitorDeps } from './deps.ts';

type Context = MonitorDeps['context'];
type Work = (context: Context, deps: MonitorDeps) => Promise<unknown>;

/** What is done, of which the log says how often, where it was at all. */
function counted(message: string, field: string, work: (context: Context) => Promise<number>): Work {
  return async (context, { logger }) => {
    const count = await work(context);
    if (count > 0) logger.info(message, { [field]: count });
  };
}

/** All but the snapshot, in their order. */
const WORK: Readonly<Record<Exclude<(typeof CONCLUDING_DUTIES)[number], typeof SNAPSHOT_DUTY>, Work>> = {
  route_findings: routeNewFindings,
  tell_untold: queueUntoldFindings,
  wake_muted: wakeMuted,
  tell_storms_apart: tellStormsApart,
  enforce_findings: async (context, { logger }) => {
    const { blocked, held, released } = await enforceFindings(context);
    if (blocked + held + released > 0) logger.warn('traffic is enforced', { blocked, held, released });
  },
  escalate_findings: counted('findings escalated', 'levels', escalateFindings),
  queue_audit: (context, { auditHours }) => queueDueAudit(context, auditHours),
  queue_checkpoint: async (context, { logger }) => {
    const trouble = await headTrouble(context);
    if (trouble !== null) logger.warn('no signed head of the ledger to compare and to publish', { trouble });
    await queueCheckpoint(context);
  },
  queue_publishing: queuePublishing,
  ask_runs: counted('governance ends, so the pipeline is run again', 'runs', askDueRuns),
  lapse_requests: counted('approval requests lapsed', 'requests', lapseRequests),
  end_delegations: counted('delegations are over', 'delegations', noticeOverDelegations),
  end_requests: counted('approval requests can be decided no more', 'requests', endOutdatedRequests),
  escalate_requests: counted('approval requests escalated', 'hops', escalateRequests),
  follow_overrides: counted('overrides moved on', 'moments', followOverrides),
};

/** What came of concluding. */
export interface Conclusion {
  readonly failures: readonly DutyFailure[];
  /** Whether what is shown is as this tick found it. */
  readonly isShown: boolean;
}

/**
 * What the leader does besides looking: over the lead's connection, so that one who was followed meanwhile does nothing. Each
 * duty by itself: one that fails holds up no other, and what cannot be read is a finding at the next tick.
 */
export async function conclude(deps: MonitorDeps, lead: Lead): Promise<Conclusion> {
  const { context: pooled, metrics, logger } = deps;
  const term = lead.term();
  if (term === null) {
    metrics.hide();
    return { failures: [], isShown: true };
  }
  const context = { ...pooled, db: term.db };
  const failures: DutyFailure[] = [];
  const attempt = async (duty: Duty, work: () => Promise<unknown>) => {
    try {
      await work();
      return true;
    } catch (error) {
      failures.push({ duty, error });
      return false;
    }
  };
  for (const [duty, work] of Object.entries(WORK)) await attempt(duty as Duty, () => work(context, deps));
  let isShown = false;
  await attempt(SNAPSHOT_DUTY, async () => {
    const garbled: string[] = [];
    const snapshot = await takeSnapshot(context, lead, (what) => void garbled.push(what));
    // Whoever was stopped for a while may have been followed by another, who exports by now.
    if (await lead.holds()) metrics.show(snapshot);
    else metrics.hide();
    isShown = true;
    refuseGarbled(garbled);
  });
  term.memory.troubles = troublesAfter(term.memory.troubles, failures);
  tell(logger, failures);
  return { failures, isShown };
}

/** Of a duty that failed for want of a database nothing new is known. */
function troublesAfter(
  before: ReadonlyMap<Duty, string> | null,
  failures: readonly DutyFailure[],
): ReadonlyMap<Duty, string> {
  const now = failures.map((failure) => {
    const why = whyGarbled(failure) ?? before?.get(failure.duty);
    return why === undefined ? [] : [[failure.duty, why] as const];
  });
  return new Map(now.flat());
}

function tell(logger: Logger, failures: readonly DutyFailure[]): void {
  for (const { duty, error } of failures) logger.error('a duty of the tick failed', { duty, error });
}
