import {
  allows,
  type MetricsSnapshot,
  type ModelMetrics,
  type ModelName,
  modelName,
} from '../domain/index.ts';
import { foremost, inOrder } from './foremost.ts';
import { MOST_ARTIFACTS, MOST_DEPLOYMENTS, MOST_MODEL_VERSIONS } from './most.ts';

/** The model versions that have series of their own. */
export interface ModelChoice {
  readonly models: readonly ModelMetrics[];
  /** How many are deployed and have none. */
  readonly omitted: number;
  /** What is about no model version that is left out; the very same list where none is. */
  without<One extends ModelName>(all: readonly One[]): readonly One[];
  /** The higher, the earlier it is chosen; the lowest for one that is not among them. */
  rankOf(name: ModelName): number;
}

/** What is wrong first, and of that what serves; then by how bad it is, and by name. */
export function chooseModels(all: readonly ModelMetrics[]): ModelChoice {
  const models = foremost(all, MOST_MODEL_VERSIONS, rankOf, modelName);
  const shown = new Set(models);
  const left = new Set(models === all ? [] : all.filter((one) => !shown.has(one)).map(modelName));
  let ranks: ReadonlyMap<string, number> | null = null;
  return {
    models,
    omitted: all.length - models.length,
    without: (some) => (left.size === 0 ? some : some.filter((one) => !left.has(modelName(one)))),
    rankOf: (name) => {
      ranks ??= new Map(models.map((one) => [modelName(one), rankOf(one)]));
      return ranks.get(modelName(name)) ?? 0;
    },
  };
}

const IDLE = 10;
const SERVING = 20;

function rankOf(model: ModelMetrics): number {
  if (allows(model.status)) return Number(model.serving);
  return (model.serving ? SERVING : IDLE) + badness(model);
}

/** What somebody submitted comes before mere names, of which anybody can report many: they hide no swapped bytes. */
function badness({ status, recordExists, deployedHash }: ModelMetrics): number {
  if (status === 'expired') return 0;
  if (recordExists || status !== 'ungoverned') return 3;
  return deployedHash === null ? 1 : 2;
}

/** Deployments of the chosen model versions: wrong ones first, of the worst model version first, and then by key. */
export function chooseDeployments(
  all: MetricsSnapshot['deployments'],
  choice: ModelChoice,
): MetricsSnapshot['deployments'] {
  const known = choice.without(all);
  return foremost(
    known,
    MOST_DEPLOYMENTS,
    (one) => deploymentRank(one, choice),
    (one) => one.deployment,
  );
}

function deploymentRank(one: MetricsSnapshot['deployments'][number], choice: ModelChoice): number {
  if (allows(one.status)) return 0;
  if (one.status === 'expired') return 1;
  return 2 + 2 * choice.rankOf(one) + Number(one.digest !== null);
}

/**
 * What is governed under the names of the chosen model versions. All of a name in an environment or nothing: where a part is
 * missing, the rules would take its bytes for wrong ones.
 */
export function chooseGoverned(
  all: MetricsSnapshot['governed'],
  choice: ModelChoice,
): MetricsSnapshot['governed'] {
  const known = choice.without(all);
  if (known.length <= MOST_ARTIFACTS) return known;
  const groups = [...Map.groupBy(known, (one) => `${modelName(one)} ${one.environment}`)].map(
    ([key, some]) => ({
      ...{ key, some, rank: some[0] === undefined ? 0 : choice.rankOf(some[0]) },
    }),
  );
  let room = MOST_ARTIFACTS;
  return inOrder(groups, ({ key }) => key)
    .toSorted((one, other) => other.rank - one.rank)
    .flatMap(({ some }) => {
      if (some.length > room) return [];
      room -= some.length;
      return some;
    });
}
