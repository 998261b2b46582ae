import { AFFECTED_NAMED, type CheckAudit, checkFinding, type Finding } from '../domain/index.ts';
import { lastRightAnswer, latestCheckAudits, relianceOn } from '../storage/index.ts';
import type { MonitorContext } from './context.ts';
import { checksInUse } from './queue-audits.ts';

/** The newest audit of each check in use, but of the future; a new version counts as its predecessor did until it is audited itself. */
export async function currentAudits({
  db,
  clock,
  trust,
}: Pick<MonitorContext, 'db' | 'clock' | 'trust'>): Promise<CheckAudit[]> {
  const used = checksInUse(trust);
  return (await latestCheckAudits(db, clock.now())).filter(({ check }) => used.has(check));
}

/** A finding about each check in use that is not known to be right, with what was approved on its word. */
export async function checkFindings(ctx: MonitorContext): Promise<Finding[]> {
  const suspects = (await currentAudits(ctx)).filter(({ outcome }) => outcome !== 'right');
  const findings: Finding[] = [];
  for (const audit of suspects) {
    const rightAt = await lastRightAnswer(ctx.db, audit.check, wrongCases(audit), ctx.clock.now());
    const relied = await relianceOn(ctx.db, audit.check, rightAt, AFFECTED_NAMED);
    const finding = checkFinding(audit, { rightAt, ...relied });
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

function wrongCases({ answers }: CheckAudit): string[] {
  return answers.filter(({ fault }) => fault !== null).map(({ digest }) => digest);
}
