import { type GovernanceStatus, type MetricsSnapshot, modelName } from '../domain/index.ts';
import type { ModelChoice } from './choice.ts';
import { foremost } from './foremost.ts';
import { MOST_ENVIRONMENTS, MOST_FINDINGS, TOGETHER } from './most.ts';

/** How many deployments there are in an environment with a status. */
export interface DeploymentCount {
  readonly environment: string;
  readonly status: GovernanceStatus;
  readonly count: number;
}

/** Deployments by environment and status, all of them: those of the smallest environments together where there are too many. */
export function countDeployments(all: MetricsSnapshot['deployments']): readonly DeploymentCount[] {
  const byEnvironment = [...Map.groupBy(all, ({ environment }) => environment)];
  const apart = foremost(byEnvironment, MOST_ENVIRONMENTS, sizeOf, ([environment]) => environment);
  const names = new Set(apart.map(([environment]) => environment));
  const byName = Map.groupBy(byEnvironment, ([environment]) =>
    names.has(environment) ? environment : TOGETHER,
  );
  return [...byName].flatMap(([environment, groups]) => {
    const byStatus = Map.groupBy(
      groups.flatMap(([, some]) => some),
      ({ status }) => status,
    );
    return [...byStatus].map(([status, { length }]) => ({ environment, status, count: length }));
  });
}

function sizeOf([, { length }]: readonly [string, MetricsSnapshot['deployments']]): number {
  return length;
}

type Found = MetricsSnapshot['findings'];

/** Findings of the chosen model versions by themselves, all others together by kind and severity. */
export function sumFindings(all: Found, choice: ModelChoice): { findings: Found; omitted: number } {
  const apart = foremost(choice.without(all), MOST_FINDINGS, rankOf, keyOf);
  if (apart === all) return { findings: all, omitted: 0 };
  const shown = new Set(apart);
  const rest = all.filter((one) => !shown.has(one));
  return {
    findings: joined([...apart, ...rest.map((one) => ({ ...one, ...ABOUT_MANY }))]),
    omitted: rest.reduce((sum, { count }) => sum + count, 0),
  };
}

const ABOUT_MANY = { modelId: TOGETHER, modelVersion: TOGETHER, environment: TOGETHER };

/** What is about no model version at all first, for there is little of it; then what is critical. */
function rankOf({ modelId, severity }: Found[number]): number {
  return (modelId === TOGETHER ? 2 : 0) + (severity === 'critical' ? 1 : 0);
}

function keyOf({ kind, environment, ...name }: Found[number]): string {
  return `${modelName(name)} ${kind} ${environment}`;
}

/** One for each set of labels. */
function joined(findings: Found): Found {
  const alike = Map.groupBy(findings, (one) => `${keyOf(one)} ${one.severity}`);
  return [...alike.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : { ...first, count: others.reduce((sum, { count }) => sum + count, first.count) },
  );
}
