import type { JudgeInput, Role, VerifiedStatement } from '../../../src/domain/index.ts';
import { CHECKS, REQUIRED } from './story.ts';
import { PERSONS, PIPELINE } from './world.ts';

type Body<Kind extends VerifiedStatement['kind']> = Extract<VerifiedStatement, { kind: Kind }>['body'];

/**
 * What must hold at the very least for an artifact to be allowed in the tests' pipeline, told as plainly as possible
 * and apart from the judge: some run whose required stages all passed, with a current record; and where its tier is
 * high, some way to hand each role to a person of its own who approved, holds it, and neither submitted nor wrote.
 */
export function couldBeAllowed({ statements, artifact, now }: JudgeInput): boolean {
  const about = statements.filter(({ subject }) => subject === artifact);
  const bodies = <Kind extends VerifiedStatement['kind']>(kind: Kind): [string, Body<Kind>][] =>
    about.flatMap((statement) =>
      statement.kind === kind ? [[statement.id, statement.body as Body<Kind>] as [string, Body<Kind>]] : [],
    );
  const results = bodies('stage-result/v1');
  return bodies('governance-record/v1').some(([recordId, record]) => {
    if (record.pipeline !== PIPELINE.digest || now >= record.validUntil) return false;
    const ofRun = results.filter(([, { runId }]) => runId === record.runId);
    const stagesPassed = REQUIRED.every((stage) =>
      ofRun.some(
        ([, body]) => body.stage === stage && body.outcome === 'passed' && hasEveryCheck(stage, body),
      ),
    );
    const tiers = ofRun.map(([, { riskTier }]) => riskTier);
    if (!stagesPassed || tiers.includes('prohibited')) return false;
    if (!tiers.includes('high_risk')) return true;
    const makers = [record.submitter, ...record.authors].map(({ person }) => person);
    const approvals = bodies('approval-decision/v1')
      .map(([, body]) => body)
      .filter(
        (body) =>
          body.record === recordId &&
          body.decision === 'approved' &&
          now < body.expiresAt &&
          !makers.includes(body.person),
      );
    const mayCover = (person: string, role: Role) =>
      approvals.some((body) => body.person === person && body.roles.includes(role)) &&
      PERSONS.some(({ id, roles }) => id === person && roles.some((grant) => grant.role === role));
    const people = [...new Set(approvals.map(({ person }) => person))];
    return people.some((lead) =>
      people.some(
        (officer) => lead !== officer && mayCover(lead, 'ml_lead') && mayCover(officer, 'compliance_officer'),
      ),
    );
  });
}

function hasEveryCheck(stage: string, body: Body<'stage-result/v1'>): boolean {
  return (CHECKS[stage] ?? []).every((name) =>
    body.checks.some((check) => check.name === name && check.outcome === 'passed'),
  );
}
