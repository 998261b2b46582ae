import type { Digest, Instant, ModelMetrics } from '../domain/index.ts';
import { approvalTimes, wrongBytes } from '../storage/index.ts';
import type { MonitorContext } from './context.ts';
import {
  type DeployedRow,
  type DescribedModel,
  describeDeployments,
  describeGoverned,
  describeModel,
} from './describe-models.ts';
import { type DeployedSeries, type KnownModel, nameKey, type WatchMemory } from './watch-memory.ts';

/**
 * The series of what is deployed: the very same as long as nothing of it changes, and of a model version the very same as
 * long as nothing of that does.
 */
export async function deployedSeries(ctx: MonitorContext, memory: WatchMemory): Promise<DeployedSeries> {
  if (memory.series !== null) return memory.series;
  await describeAnew(ctx, memory);
  const all = [...memory.models.values()].flatMap(({ series }) => series ?? []);
  memory.series = {
    models: all.flatMap(({ models }) => models),
    deployments: all.flatMap(({ deployments }) => deployments),
    governed: all.flatMap(({ governed }) => governed),
  };
  return memory.series;
}

/** Describes the model versions of which something changed. */
async function describeAnew(ctx: MonitorContext, memory: WatchMemory): Promise<void> {
  const outdated = [...memory.models.values()].filter(({ series }) => series === null);
  const rows = await rowsOf(ctx, memory, outdated);
  const described = rows.map((some) => (some.length === 0 ? null : describeModel(ctx.trust, some)));
  const runs = described.flatMap((one) => one?.runId ?? []);
  const times = await approvalTimes(ctx.db, runs);
  for (const [at, model] of outdated.entries()) {
    const some = rows[at] ?? [];
    const one = described[at] ?? null;
    model.series = {
      models: one === null ? [] : [withTimes(one, times)],
      deployments: describeDeployments(some),
      governed: describeGoverned(some),
    };
  }
}

/** The deployments of each model version, in the order of their keys, but for those in excused environments. */
async function rowsOf(
  { db, excusedEnvironments }: MonitorContext,
  { deployments, subjects }: WatchMemory,
  models: readonly KnownModel[],
): Promise<DeployedRow[][]> {
  const known = models.map(({ holders }) =>
    [...holders].sort().flatMap((key) => {
      const found = deployments.get(key);
      return found === undefined || excusedEnvironments.has(found.deployment.environment)
        ? []
        : { key, ...found };
    }),
  );
  const unread = known.flat().filter(({ deployment }) => deployment.digest === null);
  const wrong = await wrongBytes(
    db,
    unread.map(({ key }) => key),
  );
  const lastWrongOf = ({ key, deployment }: (typeof unread)[number]): Digest | null => {
    const said = deployment.digest === null ? wrong.get(key) : undefined;
    return said !== undefined && nameKey(said) === nameKey(deployment) ? said.observed : null;
  };
  return known.map((some) =>
    some.map((one) => ({
      ...{ ...one.deployment, key: one.key, status: one.status, basis: one.basis },
      governed: subjects.get(one.judgement)?.judgement?.governed ?? null,
      lastWrong: lastWrongOf(one),
    })),
  );
}

function withTimes(
  { runId, renewedAt, validUntil, metrics }: DescribedModel,
  times: ReadonlyMap<string, Instant>,
): ModelMetrics {
  const at = renewedAt ?? times.get(runId ?? '');
  return {
    ...metrics,
    approvalTimestamp: at === undefined ? null : unixSeconds(at),
    validUntil: validUntil === null ? null : unixSeconds(validUntil),
  };
}

/** Whole seconds since 1970. */
export function unixSeconds(at: Instant): number {
  return Math.floor(Date.parse(at) / 1000);
}
