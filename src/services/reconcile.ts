import {
  type Deployment,
  type Digest,
  deploymentKey,
  type Finding,
  findingsOf,
  type GovernanceStatus,
  type Instant,
  type VerdictBasis,
} from '../domain/index.ts';
import type { InventorySource } from '../inventory/index.ts';
import {
  addToOutbox,
  fireFinding,
  listFindings,
  listRecords,
  refreshFinding,
  removeDeploymentsBut,
  resolveFinding,
  saveDeployment,
  type Tx,
  tryLock,
} from '../storage/index.ts';
import type { MonitorContext } from './context.ts';
import { judgeArtifact } from './judge-artifact.ts';

/** What a tick did. */
export interface TickReport {
  /** False when another monitor holds the lead. */
  readonly led: boolean;
  readonly deployments: number;
  readonly fired: number;
  readonly resolved: number;
  /** Sources that could not be read, with the reason. */
  readonly unreadable: readonly { readonly source: string; readonly reason: string }[];
}

/**
 * One tick: looks at every source, judges what is deployed, and opens, refreshes or resolves findings. All that a tick
 * concludes commits together with the alerts it causes. Only one monitor at a time does so.
 */
export async function reconcile(ctx: MonitorContext): Promise<TickReport> {
  return ctx.db.transaction().execute(async (tx) => {
    if (!(await tryLock(tx, 'monitor')))
      return { led: false, deployments: 0, fired: 0, resolved: 0, unreadable: [] };
    const seen = await Promise.all(ctx.sources.map((source) => observe(ctx, source)));
    const read = seen.filter((sight) => sight.ok);
    const judged = await Promise.all(
      read.flatMap(({ deployments }) => deployments).map((deployment) => assess(ctx, deployment)),
    );
    await saveSights(tx, read, judged);
    const unreadable = seen.flatMap((sight) =>
      sight.ok ? [] : [{ source: sight.source, reason: sight.reason }],
    );
    const findings = [...judged.flatMap((row) => row.findings), ...unreadable.map(staleSource)];
    const changes = await settleFindings(
      tx,
      ctx.clock.now(),
      findings,
      new Set(unreadable.map(({ source }) => source)),
    );
    return { led: true, deployments: judged.length, ...changes, unreadable };
  });
}

type Sight =
  | { readonly ok: true; readonly source: string; readonly deployments: readonly Deployment[] }
  | { readonly ok: false; readonly source: string; readonly reason: string };

async function observe({ clock }: MonitorContext, source: InventorySource): Promise<Sight> {
  try {
    const observations = await source.observe();
    const observedAt = clock.now();
    return {
      ok: true,
      source: source.name,
      deployments: observations.map((observation) => ({ ...observation, source: source.name, observedAt })),
    };
  } catch (error) {
    return { ok: false, source: source.name, reason: error instanceof Error ? error.message : String(error) };
  }
}

interface Judged {
  readonly deployment: Deployment;
  readonly status: GovernanceStatus;
  readonly basis: VerdictBasis | null;
  readonly findings: readonly Finding[];
}

async function assess(ctx: MonitorContext, deployment: Deployment): Promise<Judged> {
  const { digest, environment } = deployment;
  const verdict =
    digest === null ? null : await judgeArtifact(ctx, { artifact: digest, environment, name: deployment });
  const findings = findingsOf(deployment, verdict, { governedDigest: await governedDigest(ctx, deployment) });
  return { deployment, status: verdict?.status ?? 'ungoverned', basis: verdict?.basis ?? null, findings };
}

/** Digest of the newest artifact under the deployment's name that was governed, or is but for its age. */
async function governedDigest(ctx: MonitorContext, deployment: Deployment): Promise<Digest | null> {
  const records = await listRecords(ctx.db, deployment);
  for (const artifact of new Set(records.map((record) => record.artifact))) {
    const verdict = await judgeArtifact(ctx, {
      artifact,
      environment: deployment.environment,
      name: deployment,
    });
    if (verdict.allowed || verdict.status === 'expired') return artifact;
  }
  return null;
}

async function saveSights(
  tx: Tx,
  read: readonly Extract<Sight, { ok: true }>[],
  judged: readonly Judged[],
): Promise<void> {
  for (const { deployment, status, basis } of judged) await saveDeployment(tx, deployment, { status, basis });
  for (const { source, deployments } of read)
    await removeDeploymentsBut(tx, source, deployments.map(deploymentKey));
}

/** Opens what is new, refreshes what goes on, and resolves what a source that *was* read no longer shows. */
async function settleFindings(
  tx: Tx,
  now: Instant,
  current: readonly Finding[],
  unreadable: ReadonlySet<string>,
): Promise<{ fired: number; resolved: number }> {
  const changed: number[] = [];
  for (const finding of current) {
    const id = (await fireFinding(tx, finding, now)) ?? (await refreshFinding(tx, finding));
    if (id !== null) changed.push(id);
  }
  const fired = changed.length;
  const keys = new Set(current.map(({ key }) => key));
  const ended = (await listFindings(tx, { state: 'firing' })).filter(
    ({ finding }) => !keys.has(finding.key) && !unreadable.has(sourceOf(finding)),
  );
  for (const { id } of ended) await resolveFinding(tx, id, now);
  for (const id of [...changed, ...ended.map((row) => row.id)]) {
    await addToOutbox(
      tx,
      { queue: 'alerts', name: 'deliver-finding', payload: { findingId: String(id) } },
      now,
    );
  }
  return { fired, resolved: ended.length };
}

function sourceOf(finding: Finding): string {
  return finding.deployment.split('/')[0] ?? '';
}

function staleSource({ source, reason }: { source: string; reason: string }): Finding {
  return {
    key: `source_stale/${source}`,
    kind: 'source_stale',
    severity: 'warning',
    deployment: `*/${source}`,
    environment: '*',
    modelId: '*',
    modelVersion: '*',
    observed: null,
    expected: null,
    summary: `the inventory source ${source} cannot be read: ${reason}`,
    remedy:
      'Its deployments are as they were last seen. Mend the source; until then nothing new there is noticed.',
  };
}
