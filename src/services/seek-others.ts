import { dutyFailing, type Finding, type FindingKind, READING_DUTIES } from '../domain/index.ts';
import { checkFindings } from './check-findings.ts';
import type { MonitorContext } from './context.ts';
import { type DutyFailure, whyGarbled } from './duties.ts';
import { overrideFindings } from './follow-overrides.ts';
import { evidenceFindings } from './inspect-publication.ts';
import { receiverFindings } from './receiver-findings.ts';

type ReadingDuty = keyof typeof READING_DUTIES;

/** Where each duty puts what it finds: what it found before it failed counts. */
const SEEK: Readonly<Record<ReadingDuty, (ctx: MonitorContext, found: Finding[]) => Promise<void>>> = {
  read_audits: async (ctx, found) => void found.push(...(await checkFindings(ctx))),
  read_overrides: overrideFindings,
  read_publications: async (ctx, found) => void found.push(...(await evidenceFindings(ctx))),
  read_receivers: async (ctx, found) => void found.push(...(await receiverFindings(ctx))),
};

/** What was found about no deployment, and what could not be looked for. */
export interface Sought {
  readonly findings: readonly Finding[];
  readonly unsought: ReadonlySet<FindingKind>;
  readonly failures: readonly DutyFailure[];
}

/**
 * Looks for findings about checks, overrides, published evidence and receivers. Each by itself: what cannot be read is
 * a finding too, so that no row can silence the monitor.
 */
export async function seekOthers(ctx: MonitorContext): Promise<Sought> {
  const findings: Finding[] = [];
  const failures: DutyFailure[] = [];
  for (const duty of Object.keys(SEEK) as ReadingDuty[])
    try {
      await SEEK[duty](ctx, findings);
    } catch (error) {
      const failure = { duty, error };
      failures.push(failure);
      const why = whyGarbled(failure);
      if (why !== null) findings.push(dutyFailing(duty, why));
    }
  return {
    findings,
    failures,
    unsought: new Set(failures.flatMap(({ duty }) => READING_DUTIES[duty as ReadingDuty])),
  };
}
