import {
  type ApprovalView,
  type CheckResult,
  overrideRules,
  type PredicateOf,
  TIER_CHECK,
  type Trust,
  type VerifiedStatement,
} from '../../domain/index.ts';
import type { Run } from '../runs.ts';

/** What is known of a row beside what its statement says. */
export interface Surroundings {
  readonly trust: Trust;
  /** The run of which the statement tells; null where it tells of none. */
  readonly run: Run | null;
}

/**
 * What takes the place of a row's unsigned columns where the row itself was lost: nothing where nothing will do, else
 * what can be told from elsewhere and is seen to be no more than that.
 */
export function lostColumns(
  said: VerifiedStatement,
  { trust, run }: Surroundings,
): Readonly<Record<string, unknown>> {
  switch (said.kind) {
    case 'stage-result/v1':
      return { results: resultsOf(said.body), isolation: 'unknown' };
    case 'approval-request/v1':
      return { view: run === null ? null : viewOf(said.body, run) };
    case 'override/v1': {
      const { secondPerson } = overrideRules(trust, said.body.modelId, said.body.environment);
      return { wish: `lost ${said.id}`, reason_salt: '', informed: [], needs_confirmation: secondPerson };
    }
    default:
      return {};
  }
}

function resultsOf({ checks, riskTier }: PredicateOf<'stage-result/v1'>): CheckResult[] {
  return checks.map(({ name, version, outcome }) => ({
    check: name,
    version,
    outcome,
    message: 'the report of this check was lost: only its outcome was signed',
    problems: [],
    measurements: [],
    details: name === TIER_CHECK && riskTier !== undefined ? { risk_tier: riskTier } : {},
  }));
}

/** Its digest is not the one that was signed, so that nothing can be decided on it. */
function viewOf(body: PredicateOf<'approval-request/v1'>, run: Run): ApprovalView {
  const { modelId, modelVersion, artifact, riskTier, record, runId, roles } = body;
  const { requestedAt, dueAt, expiresAt } = body;
  const makers = [run.submitter, ...run.authors].flatMap(({ person }) => (person === null ? [] : [person]));
  return {
    ...{ modelId, modelVersion, artifact, riskTier, record, runId, roles, requestedAt, dueAt, expiresAt },
    pipeline: run.pipeline,
    stages: [],
    excluded: [...new Set(makers)],
    submitter: run.submitter.subject,
    recordValidUntil: expiresAt,
  };
}
