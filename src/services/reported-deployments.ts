import type { Instant } from '../domain/index.ts';
import { type Gap, type InventorySource, REPORTS, type Sighting } from '../inventory/index.ts';
import { canonicalJson, sha256Hex } from '../lib/index.ts';
import { listReports, type ReportRow } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** What serving processes say of themselves, as a source like any other. */
export function reportedDeployments({ db, clock }: Pick<BaseContext, 'db' | 'clock'>): InventorySource {
  return {
    name: REPORTS,
    every: null,
    timeout: null,
    observe: async () => sightingOf(await listReports(db), clock.now()),
  };
}

/** @param reports those of a deployment together, the longest standing first */
function sightingOf(reports: readonly ReportRow[], now: Instant): Sighting {
  const deployments = Map.groupBy(reports, ({ environment, deployment }) => `${environment}/${deployment}`);
  const sightings = [...deployments.values()].map((processes) => {
    const fresh = processes.filter(({ expiresAt }) => now < expiresAt);
    return fresh.length > 0
      ? { observations: observationsOf(fresh), gaps: [] }
      : { observations: [], gaps: gapOf(processes) };
  });
  return {
    observations: sightings.flatMap(({ observations }) => observations),
    gaps: sightings.flatMap(({ gaps }) => gaps),
  };
}

/**
 * One observation for all processes that serve the same. Where they differ, as during a roll-out or when one was tampered
 * with, those that stood longest go by the deployment's name and the others by a name of their own beside it.
 */
function observationsOf(processes: readonly ReportRow[]): Sighting['observations'] {
  const alike = Map.groupBy(processes, ({ modelId, modelVersion, digest }) =>
    canonicalJson([modelId, modelVersion, digest]),
  );
  return [...alike].map(([served, those], index) => {
    const [{ environment, deployment, modelId, modelVersion, digest }] = those as [ReportRow];
    return {
      deployment: index === 0 ? deployment : `${deployment}${variant(served)}`,
      ...{ environment, modelId, modelVersion, digest },
      confidence: digest === null ? 'unknown' : 'reported',
      how: howKnown(those),
      replicas: those.reduce((sum, { replicas }) => sum + replicas, 0),
      seenAt: those
        .map(({ reportedAt }) => reportedAt)
        .sort()
        .at(-1) as Instant,
    };
  });
}

const VARIANT = /^~[0-9a-f]{12}$/;

function variant(served: string): string {
  return `~${sha256Hex(served).slice(0, 12)}`;
}

function howKnown(processes: readonly ReportRow[]): string {
  const subjects = [...new Set(processes.map(({ subject }) => subject))].join(' and ');
  const count = processes.length === 1 ? 'by itself' : `by ${processes.length} processes themselves`;
  return `reported ${count}, with a token of ${subjects}`;
}

/** All processes of a deployment fell silent: nobody knows whether they serve. */
function gapOf(processes: readonly ReportRow[]): Gap[] {
  const [{ environment, deployment }] = processes as [ReportRow];
  const last = processes
    .map(({ reportedAt }) => reportedAt)
    .sort()
    .at(-1);
  return [
    {
      reason: `${environment}/${deployment} reported itself last at ${last}`,
      covers: (seen) =>
        seen.environment === environment &&
        (seen.deployment === deployment ||
          (seen.deployment.startsWith(deployment) && VARIANT.test(seen.deployment.slice(deployment.length)))),
    },
  ];
}
