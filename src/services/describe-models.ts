import {
  allows,
  checkStages,
  type Deployment,
  type Digest,
  type GovernanceStatus,
  hashNumber,
  type Instant,
  isRequired,
  type MetricsSnapshot,
  type ModelMetrics,
  type Trust,
  type VerdictBasis,
} from '../domain/index.ts';
import { wasGoverned } from './governed-under.ts';
import type { Governed } from './watch-memory.ts';

/** A deployment as the last tick left it. */
export interface DeployedRow extends Deployment {
  readonly key: string;
  readonly status: GovernanceStatus;
  readonly basis: VerdictBasis | null;
  /** What was governed under its name, where what it serves is not allowed. */
  readonly governed: Governed | null;
  /** The wrong bytes that it served under its name when they could last be read; null where they can be, or were right. */
  readonly lastWrong: Digest | null;
}

/** A deployed model version's series, but for the times. */
export interface DescribedModel {
  readonly metrics: Omit<ModelMetrics, 'approvalTimestamp' | 'validUntil'>;
  /** When its governance lapses. */
  readonly validUntil: Instant | null;
  /** The run that its governance rests on; null where there is none. */
  readonly runId: string | null;
  /** When its record was last renewed without another run; null where it was not. */
  readonly renewedAt: Instant | null;
}

/**
 * One set of series per model version, however many deployments serve it: the worst of them speaks for all. Wrong bytes
 * that were seen and can no longer be read keep their hash as long as the finding about them fires.
 *
 * @param deployments all that go under the name, one at least
 */
export function describeModel(trust: Trust, deployments: readonly DeployedRow[]): DescribedModel {
  const worst = worstOf(deployments);
  const { modelId, modelVersion, status } = worst;
  const governed = governedArtifact(worst);
  const seen = deployments.find(({ digest }) => digest !== null)?.digest;
  const wrong = deployments.find(({ lastWrong }) => lastWrong !== null)?.lastWrong;
  const deployed = worst.digest ?? wrong ?? seen;
  const metrics = {
    modelId,
    modelVersion,
    status,
    serving: deployments.some(({ replicas }) => replicas > 0),
    recordExists: governed !== null,
    governedHash: governed === null ? null : hashNumber(governed.artifact),
    deployedHash: deployed ? hashNumber(deployed) : null,
    ...stageCounts(trust, governed?.basis ?? worst.basis),
  };
  const basis = governed?.basis ?? null;
  return {
    metrics,
    validUntil: basis?.validUntil ?? null,
    runId: basis?.runId ?? null,
    renewedAt: basis?.renewal?.renewedAt ?? null,
  };
}

/** Each deployment by itself. */
export function describeDeployments(rows: readonly DeployedRow[]): MetricsSnapshot['deployments'] {
  return rows.map((row) => {
    const { key, environment, modelId, modelVersion, status, confidence } = row;
    const digest = row.digest ?? row.lastWrong;
    return { deployment: key, environment, modelId, modelVersion, status, confidence, digest };
  });
}

/** What is governed under the name of deployments where they are: what they serve, or what they ought to. Each once. */
export function describeGoverned(rows: readonly DeployedRow[]): MetricsSnapshot['governed'] {
  const governed = rows.flatMap((row) => {
    const { environment, modelId, modelVersion } = row;
    const digest = governedArtifact(row)?.artifact ?? null;
    return digest === null ? [] : [{ modelId, modelVersion, environment, digest }];
  });
  return [...new Map(governed.map((one) => [`${one.digest} ${one.environment}`, one])).values()];
}

/** Wrong bytes are worse than bytes that nobody knows, those than lapsed governance, and that than nothing wrong. */
function worstOf(deployments: readonly DeployedRow[]): DeployedRow {
  const [worst] = [...deployments].sort((a, b) => badness(b) - badness(a));
  if (worst === undefined) throw new RangeError('no deployment to speak of');
  return worst;
}

function badness({ status, digest }: Pick<DeployedRow, 'status' | 'digest'>): number {
  if (allows(status)) return 0;
  if (status === 'expired') return 1;
  return digest === null ? 2 : 3;
}

/** The bytes that are served, where those were governed; else what was governed under their name, for the mismatch. */
function governedArtifact({ digest, status, basis, governed }: DeployedRow): Governed | null {
  return digest !== null && wasGoverned(status) ? { artifact: digest, basis } : governed;
}

function stageCounts(
  trust: Trust,
  basis: VerdictBasis | null,
): Pick<ModelMetrics, 'requiredStages' | 'completedStages' | 'missingStages'> {
  const required = basis?.requiredStages ?? mostRequired(trust);
  const completed = basis?.completedStages ?? [];
  return {
    requiredStages: required.length,
    completedStages: completed.length,
    missingStages: required.filter((stage) => !completed.includes(stage)),
  };
}

/** Of a model version that no run is known of nobody knows the pipeline: the one that demands most stands for it. */
function mostRequired(trust: Trust): readonly string[] {
  const required = [...trust.pipelines.values()].map((pipeline) =>
    checkStages(pipeline)
      .filter((stage) => isRequired(stage, null))
      .map(({ name }) => name),
  );
  return required.sort((a, b) => b.length - a.length)[0] ?? [];
}
