import { type SignedStatement, signStatement } from '../attestation/index.ts';
import {
  type ApprovalStage,
  type ApprovalView,
  approvalFor,
  environmentsOf,
  type GovernanceRecord,
} from '../domain/index.ts';
import {
  appendStatement,
  holdModelVersion,
  insertApprovalRequest,
  insertRecord,
  lockRun,
  newerRunOf,
  type Run,
  type RunChange,
  supersedeRequests,
  type Tx,
  updateRun,
} from '../storage/index.ts';
import { changesOf } from './changes-since.ts';
import type { RunContext } from './context.ts';
import { queueCardUpdate } from './queue-card.ts';
import { type PassedRun, recordOf, requestOf, viewOf } from './record-documents.ts';

/**
 * Ends a run whose required stages passed: signs the governance record and, where the tier demands approval, the
 * request for it. Record, request, card and the run's new state commit together.
 */
export async function issueRecord(ctx: RunContext, passed: Omit<PassedRun, 'now'>): Promise<void> {
  const now = ctx.clock.now();
  const { run, pipeline, tier } = passed;
  const record = recordOf({ ...passed, now });
  const signed = await signStatement(
    ctx.workerSigner,
    { kind: 'governance-record/v1', body: record },
    run.artifact,
  );
  const stage = approvalFor(pipeline, tier);
  const question =
    stage === null ? null : await prepareQuestion(ctx, { ...passed, now }, stage, signed, record);
  await ctx.db.transaction().execute(async (tx) => {
    await holdModelVersion(tx, run);
    const current = await lockRun(tx, run.id);
    if (current?.state !== 'queued' && current?.state !== 'running') return;
    const end = question === null ? await completed(tx, ctx, run) : await endOf(tx, ctx, run, question);
    await appendStatement(tx, signed, ctx.clock.now());
    await insertRecord(tx, signed.statement);
    if (question !== null && end.state === 'awaiting_approval') await ask(tx, ctx, question);
    const finishedAt = end.state === 'awaiting_approval' ? {} : { finishedAt: ctx.clock.now() };
    await updateRun(tx, run.id, { riskTier: tier, currentStage: null, ...end, ...finishedAt });
  });
}

/** Nobody needs to be asked, about what was asked of this version before neither. */
async function completed(tx: Tx, ctx: RunContext, run: Run): Promise<RunChange> {
  if ((await newerRunOf(tx, run)) === null) await supersedeOlder(tx, ctx, run);
  return { state: 'completed' };
}

/** What is to be put to the vote, signed. */
interface Question {
  readonly view: ApprovalView;
  readonly request: SignedStatement<'approval-request/v1'>;
  /** Accounts of the submitter and authors that belong to nobody we know. */
  readonly unmapped: readonly string[];
}

async function prepareQuestion(
  ctx: RunContext,
  passed: PassedRun,
  stage: ApprovalStage,
  signed: SignedStatement<'governance-record/v1'>,
  record: GovernanceRecord,
): Promise<Question> {
  const { run } = passed;
  const environments = environmentsOf(ctx.trust.policy, run.pipeline, run.modelId);
  const shown = {
    changes: await changesOf(ctx, run, passed.results),
    ...(environments.length === 0 ? {} : { environments }),
  };
  const view = viewOf(passed, stage, { id: signed.id, validUntil: record.validUntil }, shown);
  const body = requestOf(view);
  const request = await signStatement(ctx.workerSigner, { kind: 'approval-request/v1', body }, run.artifact);
  const unmapped = [record.submitter, ...record.authors].filter(({ person }) => person === null);
  return { view, request, unmapped: unmapped.map(({ subject }) => subject) };
}

/**
 * Whether people are asked. Requests of older runs end here, before the ledger's lock is taken: decisions lock their
 * request first and the ledger second, and so must we.
 */
async function endOf(tx: Tx, ctx: RunContext, run: Run, { unmapped, view }: Question): Promise<RunChange> {
  if (unmapped.length > 0) {
    const failure = `a ${view.riskTier} submission needs a known submitter and authors; not in people: ${unmapped.join(', ')}`;
    return { state: 'failed', failure };
  }
  const newer = await newerRunOf(tx, run);
  if (newer !== null) return supersededBy(newer);
  await supersedeOlder(tx, ctx, run);
  return { state: 'awaiting_approval' };
}

async function supersedeOlder(tx: Tx, { clock }: RunContext, run: Run): Promise<void> {
  const now = clock.now();
  for (const older of await supersedeRequests(tx, run, now)) {
    await updateRun(tx, older.runId, { ...supersededBy(run.id), finishedAt: now });
    await queueCardUpdate(tx, older.id, now);
  }
}

function supersededBy(runId: string): RunChange {
  return { state: 'failed', stands: false, failure: `superseded by run ${runId} of the same model version` };
}

async function ask(tx: Tx, ctx: RunContext, { view, request }: Question): Promise<void> {
  await appendStatement(tx, request, ctx.clock.now());
  await insertApprovalRequest(tx, request.statement, view);
  await queueCardUpdate(tx, request.id, ctx.clock.now());
}
