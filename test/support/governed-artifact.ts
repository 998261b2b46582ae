import { randomUUID } from 'node:crypto';
import { createVerifier, type StatementSigner } from '../../src/attestation/index.ts';
import { BUILT_IN_CHECKS } from '../../src/checks/index.ts';
import {
  type CheckpointMemory,
  createDirectory,
  type Digest,
  digestOfJson,
  type Inputs,
  type Instant,
  NO_CHECK_PARAMETERS,
  type Outcome,
  type Person,
  type Pipeline,
  peopleOf,
  type RiskTier,
  type SignerName,
  TIER_CHECK,
  type Trust,
} from '../../src/domain/index.ts';
import type { LogFolder } from '../../src/evidence/index.ts';
import { DAY, later } from '../../src/lib/index.ts';
import {
  type ApprovalContext,
  type BaseContext,
  createWitness,
  decideApproval,
  type ExportContext,
  executeRun,
  type JudgeContext,
  type LedgerWatch,
  type MonitorContext,
  makeEvidence,
  noDoubt,
  type QueueingContext,
  type RunContext,
  submitRun,
} from '../../src/services/index.ts';
import {
  type Db,
  findApprovalRequestOfRun,
  insertInbox,
  insertToken,
  type Run,
  sealInbox,
} from '../../src/storage/index.ts';
import {
  NOT_ISOLATED,
  newSeals,
  newSigner,
  presentBlobs,
  readPipeline,
  type Seals,
  trustIn,
  UNPUBLISHED,
} from './ground.ts';

/** A clock that stands still until it is moved. */
export interface TestClock {
  now(): Instant;
  /** Moves it on by milliseconds. */
  advance(milliseconds: number): void;
}

/** Everything that it takes to govern artifacts for real, but for the checks: their outcomes are given. */
export interface Governance {
  readonly clock: TestClock;
  readonly pipeline: Pipeline;
  readonly trust: Trust;
  readonly context: QueueingContext &
    Seals &
    RunContext &
    ApprovalContext &
    JudgeContext &
    ExportContext &
    Omit<MonitorContext, 'sources'>;
  /** Submits an artifact and runs its checks; a high-risk one then waits for approval. */
  submit(submission: TestSubmission): Promise<Run>;
  /** Submits an artifact and approves it where approval is asked for. */
  govern(submission: TestSubmission): Promise<Run>;
  /** Has one person answer the approval request of a run. */
  answer(run: Run, person: string, decision: 'approved' | 'rejected'): Promise<void>;
}

export interface TestSubmission {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly artifact: Digest;
  /** `high_risk` unless given. */
  readonly tier?: Exclude<RiskTier, 'prohibited'>;
  /** Outcomes of checks that do not pass, by name. */
  readonly outcomes?: Readonly<Record<string, Outcome>>;
  readonly trainedAt?: Instant;
  readonly evidence?: readonly { readonly name: string; readonly digest: Digest }[];
  readonly inputs?: Inputs;
}

export const PIPELINE = `record_validity_days: 90
stages:
  - name: model_card
    checks: [model_card_schema_valid]
  - name: bias_and_fairness
    checks: [demographic_parity_within_threshold]
  - name: risk_classification
    checks: [${TIER_CHECK}]
  - name: human_approval
    required_for_risk_tiers: [high_risk]
    approval_roles: [ml_lead, compliance_officer]
`;

const START: Instant = '2026-11-23T09:00:00.000Z';
export const PERSONS: readonly Person[] = [
  { id: 'sam', roles: [] },
  { id: 'lea', roles: [{ role: 'ml_lead' }] },
  { id: 'cora', roles: [{ role: 'compliance_officer' }] },
];

/** Sets up keys, people and the pipeline on a database; the clock starts at 2026-11-23T09:00Z unless told otherwise. */
export function openGovernance(
  db: Db,
  start: Instant = START,
  signers: Readonly<Partial<Record<SignerName, StatementSigner>>> = {},
): Governance {
  const clock = testClock(start);
  const pipeline = readPipeline(PIPELINE);
  const { worker = newSigner('worker'), approvals = newSigner('approvals') } = signers;
  const { ledger = newSigner('ledger'), monitor = newSigner('monitor') } = signers;
  const trust = trustIn([worker, approvals, ledger, monitor], pipeline, PERSONS, start);
  const script = new Map<Digest, TestSubmission>();
  const context: Governance['context'] = {
    db,
    clock,
    newId: randomUUID,
    trust,
    directory: createDirectory(peopleOf(PERSONS), PERSONS.map(withoutAccounts)),
    verifier: createVerifier(trust.policy),
    ledgerSigner: ledger,
    ledgerDoubt: noDoubt,
    log: { origin: 'test/ledger', memory: rememberInMemory() },
    publishing: UNPUBLISHED,
    ledgerWatch: watchInMemory(),
    excusedEnvironments: new Set(),
    checkpoints: { channel: null, every: 0 },
    trustRefusal: () => null,
    workerSigner: worker,
    ...newSeals(),
    approvalSigner: approvals,
    monitorSigner: monitor,
    witnessView: (view) => createWitness(context)(view),
    signedEvidence: (wish) => makeEvidence(context, wish),
    policyInForce: () => digestOfJson(trust.policy),
    expiryWarnings: [14, 7, 1],
    blobs: presentBlobs,
    checks: scriptedChecks(script),
    checkVersions: new Map(),
    checkParameters: () => NO_CHECK_PARAMETERS,
  };
  const submit = async (submission: TestSubmission) => {
    script.set(submission.artifact, submission);
    const run = await submitOne(context, pipeline, submission);
    await executeRun(context, run.id);
    return run;
  };
  const answer: Governance['answer'] = (run, person, decision) => answerOne(context, run, person, decision);
  const govern = async (submission: TestSubmission) => {
    const run = await submit(submission);
    if ((submission.tier ?? 'high_risk') === 'high_risk') {
      await answer(run, 'lea', 'approved');
      await answer(run, 'cora', 'approved');
    }
    return run;
  };
  return { clock, pipeline, trust, context, submit, govern, answer };
}

/** A copy of the ledger for as long as the test lasts. */
export function watchInMemory(): LedgerWatch {
  const appended = async () => [];
  return {
    copy: folderInMemory(),
    published: [],
    appended,
    next: { leaf: 0, whole: 0 },
    behind: new Map(),
    signed: null,
  };
}

function folderInMemory(): LogFolder {
  const files = new Map<string, Buffer>();
  return {
    path: 'memory',
    read: async (name) => files.get(name) ?? null,
    write: async (name, bytes) => void files.set(name, Buffer.from(bytes)),
  };
}

/** Remembers the newest checkpoint for as long as the test lasts. */
export function rememberInMemory(): CheckpointMemory {
  let newest: string | null = null;
  return {
    read: async () => newest,
    write: async (note) => {
      newest = note;
    },
  };
}

function testClock(start: Instant): TestClock {
  let now = start;
  return {
    now: () => now,
    advance: (milliseconds) => {
      now = later(now, milliseconds);
    },
  };
}

function scriptedChecks(script: ReadonlyMap<Digest, TestSubmission>): RunContext['checks'] {
  return {
    catalogue: BUILT_IN_CHECKS,
    run: async ({ check, artifact }) => {
      const submission = script.get(artifact.digest);
      const outcome = submission?.outcomes?.[check] ?? 'passed';
      const details = check === TIER_CHECK ? { risk_tier: submission?.tier ?? 'high_risk' } : {};
      const report = { outcome, message: `it ${outcome}`, problems: [], measurements: [], details };
      return { result: { check, version: '1', ...report }, isolation: NOT_ISOLATED };
    },
    isolationInForce: async () => NOT_ISOLATED,
    close: () => {},
  };
}

async function submitOne(
  ctx: QueueingContext & Seals,
  pipeline: Pipeline,
  submission: TestSubmission,
): Promise<Run> {
  const { modelId, modelVersion, artifact, trainedAt, evidence = [], inputs = {} } = submission;
  const { run } = await submitRun(
    ctx,
    {
      modelId,
      modelVersion,
      artifact,
      pipeline: pipeline.digest,
      evidence: [...evidence],
      inputs,
      authors: [],
      attempt: 'new',
      ...(trainedAt === undefined ? {} : { trainedAt }),
    },
    { subject: 'ci:build', person: 'sam' },
  );
  return run;
}

const withoutAccounts = ({ id }: Person) => ({ id, name: id, slack: [], git: [], ci: [] });

/** Keeps what a person asks for by API, as the bot leaves it once it has seen their token's secret; returns the id of the row in the inbox. */
async function callAs(
  ctx: BaseContext,
  person: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<string> {
  const tokenId = ctx.newId();
  const subject = `person:${person}`;
  const token = { id: tokenId, hash: tokenId, subject, scopes: ['decide'], note: '' };
  const createdAt = ctx.clock.now();
  const times = {
    createdAt,
    expiresAt: later(createdAt, DAY),
    revokedAt: null,
    confirmedAt: null,
    seal: null,
  };
  await insertToken(ctx.db, { ...token, ...times, issuedBy: 'the test' });
  const arrival = {
    id: ctx.newId(),
    source: 'api',
    payload: { ...payload, tokenId },
    receivedAt: ctx.clock.now(),
  };
  await ctx.db.transaction().execute((tx) => insertInbox(tx, { ...arrival, dedupeKey: arrival.id }));
  await sealInbox(ctx.db, arrival.id, 'of the bot');
  return arrival.id;
}

async function answerOne(
  ctx: ApprovalContext,
  run: Run,
  person: string,
  decision: 'approved' | 'rejected',
): Promise<void> {
  const request = await findApprovalRequestOfRun(ctx.db, run.id);
  if (request === null) throw new Error(`nobody was asked to approve ${run.id}`);
  const source = await callAs(ctx, person, { type: 'api_decide', requestId: request.id, decision });
  const result = await decideApproval(ctx, {
    requestId: request.id,
    person,
    decision,
    view: request.viewDigest,
    reason: decision === 'rejected' ? 'no' : null,
    assurance: 'api_token',
    source,
  });
  if (!result.ok) throw new Error(`the answer was refused: ${JSON.stringify(result.refusal)}`);
}
