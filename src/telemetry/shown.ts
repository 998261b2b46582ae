import { type MetricsSnapshot, modelName } from '../domain/index.ts';
import { chooseDeployments, chooseGoverned, chooseModels } from './choice.ts';
import { foremost, remembered } from './foremost.ts';
import { MOST_APPROVALS } from './most.ts';
import { countDeployments, type DeploymentCount, sumFindings } from './sums.ts';

/** What has series: of a snapshot so much as there may be, and how much is left out. */
export interface Shown extends MetricsSnapshot {
  /** All of them, those without series too. */
  readonly deploymentCounts: readonly DeploymentCount[];
  /** How many model versions have no series. */
  readonly omittedModels: number;
  readonly omittedDeployments: number;
  readonly omittedGoverned: number;
  readonly omittedFindings: number;
  readonly omittedApprovals: number;
}

/** Chooses what has series. What it is given again, the very same, it gives again, the very same. */
export function createChooser(): (snapshot: MetricsSnapshot) => Shown {
  const modelsOf = remembered(chooseModels);
  const deploymentsOf = remembered(chooseDeployments);
  const governedOf = remembered(chooseGoverned);
  const findingsOf = remembered(sumFindings);
  const countsOf = remembered(countDeployments);
  return (snapshot) => {
    const choice = modelsOf(snapshot.models);
    const deployments = deploymentsOf(snapshot.deployments, choice);
    const governed = governedOf(snapshot.governed, choice);
    const { findings, omitted } = findingsOf(snapshot.findings, choice);
    const approvals = chooseApprovals(snapshot.approvals);
    return {
      ...{ ...snapshot, models: choice.models, deployments, governed, findings, approvals },
      deploymentCounts: countsOf(snapshot.deployments),
      omittedModels: choice.omitted,
      omittedDeployments: snapshot.deployments.length - deployments.length,
      omittedGoverned: snapshot.governed.length - governed.length,
      omittedFindings: omitted,
      omittedApprovals: snapshot.approvals.length - approvals.length,
    };
  };
}

/** Those that have waited the longest. */
function chooseApprovals(all: MetricsSnapshot['approvals']): MetricsSnapshot['approvals'] {
  return foremost(
    all,
    MOST_APPROVALS,
    ({ askedAt }) => -askedAt,
    (one) => `${modelName(one)} ${one.status}`,
  );
}
