import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { StatementSigner } from './attestation/index.ts';
import { type CheckCatalogue, checkVersions, loadKnownCases, SHIPPED_CASES } from './checks/index.ts';
import { openAlerting, openEnforcement } from './compose/alerting.ts';
import { openAppendMemory } from './compose/append-memory.ts';
import { catalogueOf } from './compose/catalogue.ts';
import { checkParametersOf } from './compose/check-parameters.ts';
import { openCheckRunner } from './compose/check-runner.ts';
import { systemClock } from './compose/clock.ts';
import { type Fetching, openFetching } from './compose/fetching.ts';
import { refuseUnfit } from './compose/fitness.ts';
import { openSigners } from './compose/keys.ts';
import { evidenceContext, judgeContext, ownJudgeContext } from './compose/ledger.ts';
import { type Beliefs, openBeliefs } from './compose/live/beliefs.ts';
import { followKey } from './compose/live/signer.ts';
import type { Followed } from './compose/live/watch.ts';
import { monitorContext } from './compose/monitor-context.ts';
import { openRunSeals } from './compose/run-seal-keys.ts';
import { runUrlOf } from './compose/run-url.ts';
import { slackPacer } from './compose/slack-pacer.ts';
import { openStorage } from './compose/storage.ts';
import type { Surface } from './compose/surface.ts';
import type { Config } from './config/index.ts';
import type { Directory, SignerName } from './domain/index.ts';
import { createBlobStore } from './evidence/index.ts';
import { createSlackClient, personNamer, type SlackClient } from './notify/index.ts';
import type {
  AlertContext,
  ApprovalContext,
  AuditContext,
  BaseContext,
  EnforcementContext,
  EvidenceContext,
  JudgeContext,
  MonitorContext,
  QueueingContext,
  RunContext,
  RunLinks,
  RunSealContext,
  SubmissionContext,
} from './services/index.ts';
import { openRunLinks } from './services/index.ts';

/** Everything that the surfaces of a process are made of. A surface takes its own part and no more. */
export interface Composition {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly base: BaseContext;
  readonly submission: SubmissionContext;
  /** What is kept as the files say for as long as the process runs. */
  readonly followed: Followed;
  /** Null where no surface judges. */
  readonly judge: JudgeContext | null;
  /** Null where the process does not hold the ledger's key. */
  readonly evidence: (EvidenceContext & RunSealContext) | null;
  readonly run: (RunContext & QueueingContext & AuditContext) | null;
  readonly approval: (ApprovalContext & JudgeContext) | null;
  /** Null where nothing is fetched here. */
  readonly fetch: Fetching | null;
  readonly monitor: (MonitorContext & AlertContext & EnforcementContext) | null;
  readonly slack: SlackClient | null;
  /** Null in a process that neither shows pages nor links to them. */
  readonly links: RunLinks | null;
  /** Releases what was opened, last first. */
  close(): Promise<void>;
}

/**
 * Opens the database, the stores and the signers that the surfaces need, once the configuration is known to be fit.
 * @throws CountersignError `invalid_input` for pipelines that cannot count, checks that cannot run or a monitor
 *   that cannot look;
 *   `unavailable`; `integrity`. An error of any kind soon after `interrupted` aborts; nothing is left open then either
 */
export async function compose(
  config: Config,
  surfaces: readonly Surface[],
  progress: (message: string) => void,
  interrupted?: AbortSignal,
): Promise<Composition> {
  const catalogue = catalogueOf(config);
  await refuseUnfit(config, catalogue, surfaces);
  await using opening = new AsyncDisposableStack();
  const memory = await openAppendMemory(config, surfaces);
  const storage = await openStorage(config, progress, interrupted, memory);
  opening.defer(() => storage.close());
  interrupted?.throwIfAborted();
  const followed = [...(await openSigners(config, surfaces)).values()].map((signer) =>
    followKey(config, signer),
  );
  const signers = new Map(followed.map(({ signer }) => [signer.name, signer]));
  const beliefs = await openBeliefs(config, storage.db, progress, interrupted);
  const submission = submissionContext(config, catalogue, storage.db, beliefs);
  if (surfaces.includes('api')) await tidy(submission, progress);
  const slack = openSlack(config, surfaces, storage.db);
  const links = surfaces.every((surface) => surface === 'queue') ? null : await linksOf(config, submission);
  const told = await toldOf(config, surfaces, { slack, links, directory: submission.directory });
  const seals = await sealsOf(config, signers);
  const parts = partsOf({
    config,
    catalogue,
    submission,
    beliefs,
    signers,
    seals,
    slack,
    links,
    ...told,
  });
  const fetch = surfaces.includes('fetcher') ? await openFetching(config, submission) : null;
  const open = opening.move();
  return {
    config,
    databaseUrl: storage.url,
    base: submission,
    submission,
    followed: { beliefs, signers: followed },
    slack,
    links,
    fetch,
    ...parts,
    close: () => open.disposeAsync(),
  };
}

const linksOf = (config: Config, submission: SubmissionContext) =>
  openRunLinks(submission, config.linksValidDays);

async function sealsOf(config: Config, signers: ReadonlyMap<SignerName, unknown>): Promise<Opened['seals']> {
  return {
    ledger: signers.has('ledger') ? await openRunSeals(config, 'ledger') : null,
    worker: signers.has('worker') ? await openRunSeals(config, 'worker') : null,
  };
}

function submissionContext(
  config: Config,
  catalogue: CheckCatalogue,
  db: BaseContext['db'],
  { trust, directory }: Beliefs,
): SubmissionContext {
  return {
    db,
    clock: systemClock,
    newId: randomUUID,
    trust,
    directory,
    blobs: createBlobStore(join(config.dataDir, 'blobs'), randomUUID),
    checkParameters: checkParametersOf(config.pipelines),
    checkVersions: checkVersions(catalogue),
  };
}

/** Only the process that takes uploads may write to the blobs. A folder that cannot be tidied takes uploads all the same. */
async function tidy({ blobs, clock }: SubmissionContext, progress: (message: string) => void): Promise<void> {
  await blobs
    .sweep(clock.now())
    .catch((error: unknown) => progress(`what crashed uploads left could not be removed: ${String(error)}`));
}

type Parts = Pick<Composition, 'judge' | 'evidence' | 'run' | 'approval' | 'monitor'>;

/** What the surfaces' parts are made of. */
interface Opened {
  readonly config: Config;
  readonly catalogue: CheckCatalogue;
  readonly submission: SubmissionContext;
  readonly beliefs: Beliefs;
  readonly signers: ReadonlyMap<SignerName, StatementSigner>;
  /** What runs are sealed with by the surface that has the key of such a signer. */
  readonly seals: Readonly<Record<'ledger' | 'worker', RunSealContext | null>>;
  readonly slack: SlackClient | null;
  readonly links: RunLinks | null;
  readonly alerting: AlertContext['alerting'] | null;
  readonly enforcement: EnforcementContext['enforcement'] | null;
}

/** Each surface's part, from the signers that this process holds. */
function partsOf(opened: Opened): Parts {
  const { config, catalogue, submission, beliefs, signers, seals, alerting, enforcement } = opened;
  const ledgerSigner = signers.get('ledger');
  const believing = { ...submission, verifier: beliefs.verifier };
  const judge = judgeContext(config, believing, ledgerSigner);
  const approvalSigner = signers.get('approvals');
  const workerSigner = signers.get('worker');
  const monitorSigner = signers.get('monitor');
  return {
    judge,
    evidence: judge && seals.ledger && { ...evidenceContext(config, judge), ...seals.ledger },
    run:
      workerSigner && seals.worker
        ? runContext(config, catalogue, { ...submission, ...seals.worker }, workerSigner)
        : null,
    approval: approvalSigner ? { ...ownJudgeContext(believing), approvalSigner } : null,
    monitor:
      monitorSigner && alerting && enforcement
        ? { ...monitorContext(opened, believing, monitorSigner), alerting, enforcement }
        : null,
  };
}

function runContext(
  config: Config,
  catalogue: CheckCatalogue,
  queueing: QueueingContext,
  workerSigner: StatementSigner,
): RunContext & QueueingContext & AuditContext {
  const folders = [SHIPPED_CASES, ...config.knownCases];
  const checks = openCheckRunner(config, catalogue);
  return { ...queueing, workerSigner, checks, knownCases: () => loadKnownCases(folders) };
}

function openSlack(config: Config, surfaces: readonly Surface[], db: BaseContext['db']): SlackClient | null {
  const speaks = surfaces.includes('bot') || surfaces.includes('monitor');
  return config.slack !== null && speaks
    ? createSlackClient({
        token: config.slack.botToken,
        apiUrl: config.slack.apiUrl,
        pacer: slackPacer(db, config.slack.callsPerSecond),
      })
    : null;
}

/** Whom the monitor tells of findings; nobody in other processes, which hold none of the credentials. */
async function toldOf(
  config: Config,
  surfaces: readonly Surface[],
  { slack, links, directory }: Pick<Opened, 'slack' | 'links'> & { readonly directory: Directory },
): Promise<Pick<Opened, 'alerting' | 'enforcement'>> {
  if (!surfaces.includes('monitor')) return { alerting: null, enforcement: null };
  const enforcement = await openEnforcement(config);
  if (slack === null || config.slack === null)
    return { alerting: await openAlerting(config, null), enforcement };
  const nameOf = personNamer(directory, config.slack.team);
  const around = { nameOf, runUrl: runUrlOf(config, links) };
  return { alerting: await openAlerting(config, { client: slack, around }), enforcement };
}

export { openOperatorTools } from './compose/operator.ts';
