import {
  type Deployment,
  type Digest,
  type Duty,
  deploymentKey,
  type Expiry,
  type GovernanceStatus,
  type Instant,
  type MetricsSnapshot,
  type ModelName,
  type Verdict,
  type VerdictBasis,
} from '../domain/index.ts';
import { type Db, listDeployments, type Mark } from '../storage/index.ts';

/** A deployment as the leader knows it, and as the database holds it. */
export interface KnownDeployment {
  deployment: Deployment;
  /** It was so whenever its source was looked at last. */
  asOfLook: boolean;
  /** The key of the judgement on it. */
  judgement: string;
  status: GovernanceStatus;
  basis: VerdictBasis | null;
}

/** What a deployment is judged by: all that serve the same bytes under one name in one environment are judged as one. */
export interface Subject {
  /** Null where nobody can tell the bytes. */
  readonly digest: Digest | null;
  readonly environment: string;
  readonly name: ModelName;
}

/** What is governed under a name. */
export interface Governed {
  readonly artifact: Digest;
  readonly basis: VerdictBasis | null;
}

/** What came of judging a subject. */
export interface Judgement {
  /** Null where nobody can tell the bytes, or can judge them. */
  readonly verdict: Verdict | null;
  /** Null while the governance is not about to end. */
  readonly expiry: Expiry | null;
  /** What was governed under the name instead, where the bytes are not allowed; null where nothing was. */
  readonly governed: Governed | null;
  /** Why nobody can judge; null where somebody can. */
  readonly trouble: string | null;
  /** From then on another judgement may come of it by time alone; null for never. */
  readonly until: Instant | null;
}

/** A subject with the deployments that it is judged for; the judgement is null before the first. */
export interface KnownSubject extends Subject {
  readonly holders: Set<string>;
  judgement: Judgement | null;
}

/** What the metrics show of deployments. */
export type DeployedSeries = Pick<MetricsSnapshot, 'models' | 'deployments' | 'governed'>;

/** A model version with the deployments that go under its name. */
export interface KnownModel {
  readonly holders: Set<string>;
  /** What the metrics show of it; null where that is to be described anew. */
  series: DeployedSeries | null;
}

/** What everything that is judged depends on. */
export interface Ground {
  /** Policy, people and settings, as text: another text, and all is judged anew. */
  readonly rules: string;
  /** From then on they may mean something else. */
  readonly rulesUntil: Instant | null;
  readonly at: Instant;
  readonly mark: Mark;
}

/**
 * What a leader knows from its ticks, so that the next looks at what changed only. A cache that nobody else can write: it
 * begins empty with each lead, and is emptied by a tick that fails, and then everything is looked at.
 */
export interface WatchMemory {
  readonly deployments: Map<string, KnownDeployment>;
  readonly subjects: Map<string, KnownSubject>;
  readonly models: Map<string, KnownModel>;
  /** Null where the next tick looks at everything. */
  ground: Ground | null;
  /** Goes on over the deployments, some at each tick, so that each is looked at in time though nothing is known to have changed. */
  round: Iterator<string>;
  /** Of all models, as they were put together last; null where something changed since. */
  series: DeployedSeries | null;
  /** How many findings fire, as the metrics show it; null where that changed since. */
  firing: MetricsSnapshot['findings'] | null;
  /** Why duties could not be done wholly when they were tried last; null where none was tried yet. Not forgotten with the rest. */
  troubles: ReadonlyMap<Duty, string> | null;
}

/** A memory of nothing. */
export function createMemory(): WatchMemory {
  const deployments = new Map<string, KnownDeployment>();
  const maps = { deployments, subjects: new Map(), models: new Map() };
  return { ...maps, ground: null, round: deployments.keys(), series: null, firing: null, troubles: null };
}

/** Forgets everything. */
export function forget(memory: WatchMemory): void {
  memory.deployments.clear();
  memory.subjects.clear();
  memory.models.clear();
  memory.ground = null;
  memory.series = null;
  memory.firing = null;
}

/** Begins with the deployments that the database holds, none of them judged. */
export async function recall(db: Db, memory: WatchMemory): Promise<void> {
  forget(memory);
  for (const { key, status, basis, firstSeenAt: _, asOfLook, ...deployment } of await listDeployments(db)) {
    const known = { deployment, asOfLook, judgement: '', status, basis };
    memory.deployments.set(key, known);
    assign(memory, key, known);
    enter(memory, key, deployment);
  }
}

/** Deployments as they are known. */
export function deploymentsOf({ deployments }: WatchMemory): Deployment[] {
  return [...deployments.values()].map(({ deployment }) => deployment);
}

/** The same text for all that are judged as one. */
function subjectKey({ digest, environment, modelId, modelVersion }: Deployment): string {
  return JSON.stringify([digest, environment, modelId, modelVersion]);
}

/** Notes a deployment as it is now, among those that are judged as one with it. */
export function learn(memory: WatchMemory, deployment: Deployment, asOfLook: boolean): void {
  const key = deploymentKey(deployment);
  const known = memory.deployments.get(key);
  const now = { judgement: '', status: 'ungoverned', basis: null, ...known, deployment, asOfLook } as const;
  memory.deployments.set(key, now);
  assign(memory, key, now);
  enter(memory, key, deployment);
  if (known !== undefined && nameKey(known.deployment) !== nameKey(deployment)) leave(memory, key, known);
}

function assign(memory: WatchMemory, key: string, known: KnownDeployment): void {
  const { digest, environment, modelId, modelVersion } = known.deployment;
  const wanted = subjectKey(known.deployment);
  if (known.judgement === wanted) return;
  release(memory, key, known.judgement);
  known.judgement = wanted;
  const subject = memory.subjects.get(wanted) ?? {
    ...{ digest, environment, name: { modelId, modelVersion } },
    ...{ holders: new Set<string>(), judgement: null },
  };
  subject.holders.add(key);
  memory.subjects.set(wanted, subject);
}

/** Forgets a deployment. */
export function unlearn(memory: WatchMemory, key: string): void {
  const known = memory.deployments.get(key);
  if (known === undefined) return;
  release(memory, key, known.judgement);
  leave(memory, key, known);
  memory.deployments.delete(key);
}

/** The same text for all that go under one name. */
export function nameKey({ modelId, modelVersion }: ModelName): string {
  return JSON.stringify([modelId, modelVersion]);
}

/** Has a model version be described anew for the metrics. */
export function outdate(memory: WatchMemory, name: ModelName): void {
  const model = memory.models.get(nameKey(name));
  if (model !== undefined) model.series = null;
  memory.series = null;
}

function enter(memory: WatchMemory, key: string, name: ModelName): void {
  const model = memory.models.get(nameKey(name)) ?? { holders: new Set<string>(), series: null };
  model.holders.add(key);
  memory.models.set(nameKey(name), model);
  outdate(memory, name);
}

function leave(memory: WatchMemory, key: string, { deployment }: KnownDeployment): void {
  const holders = memory.models.get(nameKey(deployment))?.holders;
  holders?.delete(key);
  if (holders?.size === 0) memory.models.delete(nameKey(deployment));
  outdate(memory, deployment);
}

function release(memory: WatchMemory, key: string, judgement: string): void {
  const holders = memory.subjects.get(judgement)?.holders;
  holders?.delete(key);
  if (holders?.size === 0) memory.subjects.delete(judgement);
}
