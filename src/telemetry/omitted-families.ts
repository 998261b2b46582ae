import { type Family, gauge } from './family.ts';
import type { Shown } from './shown.ts';

/** How much has no series of its own because there is too much of it. */
export const OMITTED_FAMILIES: readonly Family[] = [
  omitted(
    'governance_model_versions_omitted',
    'Deployed model versions without series of their own, the best of them.',
    ({ omittedModels }) => omittedModels,
  ),
  omitted(
    'governance_deployments_omitted',
    'Deployments without series of their own: of those model versions, and the best of too many.',
    ({ omittedDeployments }) => omittedDeployments,
  ),
  omitted(
    'governance_artifacts_omitted',
    'Governed artifacts without a series of their own: of those model versions, and of the best of too many.',
    ({ omittedGoverned }) => omittedGoverned,
  ),
  omitted(
    'governance_findings_omitted',
    'Firing findings that are counted together with others, without the name of what they are about.',
    ({ omittedFindings }) => omittedFindings,
  ),
  omitted(
    'governance_approvals_omitted',
    'Open approval requests without a series of their own, the newest.',
    ({ omittedApprovals }) => omittedApprovals,
  ),
];

function omitted(name: string, help: string, read: (shown: Shown) => number): Family {
  return {
    ...gauge(name, help, 'count'),
    labels: [],
    most: 1,
    samples: (shown) => [{ labels: {}, value: read(shown) }],
  };
}
