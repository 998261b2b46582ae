import { randomUUID } from 'node:crypto';
import { createVerifier, type StatementSigner, type StatementVerifier } from '../../src/attestation/index.ts';
import { BUILT_IN_CHECKS } from '../../src/checks/index.ts';
import {
  type CheckReport,
  createDirectory,
  type Digest,
  type DirectoryEntry,
  digestOfJson,
  type Inputs,
  type Instant,
  NO_CHECK_PARAMETERS,
  type Person,
  type PersonId,
  type Pipeline,
  peopleOf,
  TIER_CHECK,
  type TrustPolicy,
} from '../../src/domain/index.ts';
import {
  type ApprovalContext,
  createWitness,
  type ExportContext,
  executeRun,
  type JudgeContext,
  type MonitorContext,
  makeEvidence,
  noDoubt,
  type QueueingContext,
  type RunContext,
  submitRun,
} from '../../src/services/index.ts';
import type { Db, Run } from '../../src/storage/index.ts';
import { rememberInMemory, watchInMemory } from './governed-artifact.ts';
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

/** A model version to be submitted, with what its checks shall find. */
export interface StorySubmission {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly artifact: Digest;
  /** Sam, unless it is said. */
  readonly submitter?: PersonId;
  readonly inputs?: Inputs;
  /** What checks report other than that they passed, by name. */
  readonly reports?: Readonly<Record<string, Partial<CheckReport>>>;
}

/** People, keys, a pipeline and a clock: what it takes to ask for approvals for real. */
export interface BotStory {
  readonly context: QueueingContext &
    Seals &
    RunContext &
    ApprovalContext &
    JudgeContext &
    ExportContext &
    Omit<MonitorContext, 'sources'>;
  /** Moves the clock of the services on by milliseconds. */
  advance(milliseconds: number): void;
  submit(submission: StorySubmission): Promise<Run>;
}

export const TEAM = 'T0TEST';

/** Slack users: people of the map, one whom it does not know, one from another workspace. */
export const SLACK_USERS = {
  sam: 'U0SAM',
  lea: 'U0LEA',
  lia: 'U0LIA',
  cora: 'U0CORA',
  nora: 'U0NORA',
  otto: 'U0OTTO',
  olga: 'U0OLGA',
  stranger: 'U0STRANGER',
  guest: 'U0GUEST',
} as const;

/** Sam submits, and holds roles all the same; Nora holds none; Otto and Olga override; Cora holds one of two, Lea and Lia the other. */
const PERSONS: readonly Person[] = [
  { id: 'sam', roles: [{ role: 'ml_lead' }, { role: 'override_officer' }] },
  { id: 'lea', roles: [{ role: 'ml_lead' }] },
  { id: 'lia', roles: [{ role: 'ml_lead' }] },
  { id: 'cora', roles: [{ role: 'compliance_officer' }] },
  { id: 'nora', roles: [] },
  { id: 'otto', roles: [{ role: 'override_officer' }] },
  { id: 'olga', roles: [{ role: 'override_officer' }] },
];

const USUAL_ROLES = ['ml_lead', 'compliance_officer'];

const pipelineOf = (roles: readonly string[]) => `record_validity_days: 90
stages:
  - name: bias_and_fairness
    checks: [demographic_parity_within_threshold]
  - name: risk_classification
    checks: [${TIER_CHECK}]
  - name: human_approval
    required_for_risk_tiers: [high_risk]
    approval_roles: [${roles.join(', ')}]
`;

/** What a story may have besides the usual. */
export interface StoryOptions {
  /** Lines of the pipeline's `approval` section. */
  readonly approval?: string;
  /** Lines of its `override` section. */
  readonly override?: string;
  /** Lines of its `renewal` section. */
  readonly renewal?: string;
  /** The people of the map, in place of the usual ones. */
  readonly persons?: readonly Person[];
  /** The roles that must decide, in place of the usual two. */
  readonly approvalRoles?: readonly string[];
  /** Who signs approvals, in place of a key, and who believes it. */
  readonly approvals?: {
    readonly signer: StatementSigner;
    readonly verifierOf: (policy: TrustPolicy) => StatementVerifier;
  };
  /** What the directory knows of people besides their accounts. */
  readonly entries?: Readonly<Record<string, Partial<DirectoryEntry>>>;
}

/** Sets up a story on a migrated database. */
export function openBotStory(db: Db, options: StoryOptions = {}): BotStory {
  const {
    approval,
    override,
    renewal,
    entries = {},
    persons = PERSONS,
    approvalRoles = USUAL_ROLES,
    approvals,
  } = options;
  let offset = 0;
  const clock = { now: (): Instant => new Date(Date.now() + offset).toISOString() };
  const pipeline = readPipeline(
    [
      ...(approval === undefined ? [] : [`approval: { ${approval} }`]),
      ...(override === undefined ? [] : [`override: { ${override} }`]),
      ...(renewal === undefined ? [] : [`renewal: { ${renewal} }`]),
      pipelineOf(approvalRoles),
    ].join('\n'),
  );
  const signers = (['worker', 'approvals', 'ledger', 'monitor'] as const).map((name) =>
    name === 'approvals' && approvals !== undefined ? approvals.signer : newSigner(name),
  );
  const trust = trustIn(signers, pipeline, persons, '2020-01-01T00:00:00.000Z');
  const script = new Map<Digest, StorySubmission>();
  const [workerSigner, approvalSigner, ledgerSigner, monitorSigner] = signers as [
    StatementSigner,
    StatementSigner,
    StatementSigner,
    StatementSigner,
  ];
  const context: BotStory['context'] = {
    db,
    clock,
    newId: randomUUID,
    trust,
    directory: createDirectory(
      peopleOf(persons),
      persons.map((person) => ({ ...entryOf(person), ...entries[person.id] })),
    ),
    verifier: (approvals?.verifierOf ?? createVerifier)(trust.policy),
    ledgerSigner,
    ledgerDoubt: noDoubt,
    log: { origin: 'test/ledger', memory: rememberInMemory() },
    ledgerWatch: watchInMemory(),
    excusedEnvironments: new Set(),
    checkpoints: { channel: null, every: 0 },
    trustRefusal: () => null,
    workerSigner,
    ...newSeals(),
    approvalSigner,
    monitorSigner,
    publishing: UNPUBLISHED,
    witnessView: (view) => createWitness(context)(view),
    signedEvidence: (wish) => makeEvidence(context, wish),
    policyInForce: () => digestOfJson(trust.policy),
    expiryWarnings: [14, 7, 1],
    blobs: presentBlobs,
    checks: scriptedChecks(script),
    checkVersions: new Map(),
    checkParameters: () => NO_CHECK_PARAMETERS,
  };
  return {
    context,
    advance: (milliseconds) => {
      offset += milliseconds;
    },
    submit: async (submission) => {
      script.set(submission.artifact, submission);
      const run = await submitOne(context, pipeline, submission);
      await executeRun(context, run.id);
      return run;
    },
  };
}

/** The Slack account of somebody who is not among the usual people. */
export function slackUserOf(id: string): string {
  return `U0${id.toUpperCase()}`;
}

function entryOf({ id }: Person): DirectoryEntry {
  const user = SLACK_USERS[id as keyof typeof SLACK_USERS] ?? slackUserOf(id);
  return { id, name: `${id} <of the test>`, slack: [{ team: TEAM, user }], git: [], ci: [] };
}

function scriptedChecks(script: ReadonlyMap<Digest, StorySubmission>): RunContext['checks'] {
  return {
    catalogue: BUILT_IN_CHECKS,
    isolationInForce: async () => NOT_ISOLATED,
    close: () => {},
    run: async ({ check, artifact }) => {
      const report: CheckReport = {
        outcome: 'passed',
        message: `${check} is content`,
        problems: [],
        measurements: [],
        details: check === TIER_CHECK ? { risk_tier: 'high_risk' } : {},
        ...script.get(artifact.digest)?.reports?.[check],
      };
      return { result: { check, version: '1', ...report }, isolation: NOT_ISOLATED };
    },
  };
}

async function submitOne(
  ctx: QueueingContext & Seals,
  pipeline: Pipeline,
  { modelId, modelVersion, artifact, submitter = 'sam', inputs = {} }: StorySubmission,
): Promise<Run> {
  const { run } = await submitRun(
    ctx,
    {
      modelId,
      modelVersion,
      artifact,
      pipeline: pipeline.digest,
      evidence: [],
      inputs,
      authors: [],
      attempt: 'new',
    },
    { subject: 'ci:build', person: submitter },
  );
  return run;
}
