import type { StatementSigner, StatementVerifier, TreeHead } from '../attestation/index.ts';
import type { CheckRunner, KnownCases } from '../checks/index.ts';
import type {
  AlertChannel,
  AlertPolicy,
  AlertReceiver,
  CheckParameters,
  CheckpointChannel,
  CheckpointMemory,
  Clock,
  Digest,
  Directory,
  EnforcementHook,
  EnforcementPolicy,
  Instant,
  ModelName,
  Trust,
} from '../domain/index.ts';
import type { ArtifactSource, BlobStore, EvidenceFile, EvidencePlace, LogFolder } from '../evidence/index.ts';
import type { InventorySource } from '../inventory/index.ts';
import type { Appended, Db } from '../storage/index.ts';
import type { FetchSealContext } from './fetch-seal.ts';
import type { RunSealContext } from './run-seal.ts';

/** What nearly every service needs. Services name the part of the context that they use. */
export interface BaseContext {
  readonly db: Db;
  readonly clock: Clock;
  /** A new random name, unguessable and unique. */
  readonly newId: () => string;
}

/** Whom and what to believe. */
export interface TrustContext {
  readonly trust: Trust;
  readonly directory: Directory;
  readonly verifier: StatementVerifier;
  /** The key that signs ledger views. */
  readonly ledgerSigner: StatementSigner;
}

/** What the operator tells the checks of a pipeline about a model. */
interface ConfiguredContext {
  readonly checkParameters: (pipeline: Digest, modelId: string) => CheckParameters;
}

/** Taking submissions. */
export interface SubmissionContext extends BaseContext, ConfiguredContext {
  readonly trust: Trust;
  readonly directory: Directory;
  readonly blobs: BlobStore;
  /** Versions of the checks that this release has, by name. */
  readonly checkVersions: ReadonlyMap<string, string>;
}

/** Queueing runs. */
export interface QueueingContext extends SubmissionContext, RunSealContext {}

/** Fetching artifacts by URI. */
export interface FetchContext extends BaseContext, FetchSealContext {
  readonly blobs: BlobStore;
  readonly fetching: {
    readonly sources: readonly ArtifactSource[];
    /** Most bytes of an artifact. */
    readonly limit: number;
    /** Milliseconds for an artifact as a whole. */
    readonly patience: number;
    /** Aborts when the process ends. */
    readonly signal: AbortSignal;
  };
}

/** Running checks and signing what they found. */
export interface RunContext extends BaseContext, ConfiguredContext, Pick<RunSealContext, 'runSealKeys'> {
  readonly trust: Trust;
  readonly directory: Directory;
  readonly blobs: BlobStore;
  readonly checks: CheckRunner;
  readonly workerSigner: StatementSigner;
}

/** Holding checks against cases whose right answers are known. */
export interface AuditContext extends BaseContext {
  readonly checks: CheckRunner;
  /** Versions of the checks that this release has, by name. */
  readonly checkVersions: ReadonlyMap<string, string>;
  /** Reads the cases, as they are now. */
  readonly knownCases: () => Promise<KnownCases>;
}

/** Taking decisions. */
export interface ApprovalContext extends BaseContext {
  readonly trust: Trust;
  readonly directory: Directory;
  readonly approvalSigner: StatementSigner;
}

/**
 * What speaks against the ledger, known before it is read: the function that comes of it says why the ledger is not believed
 * at the head that was read then, or null where nothing speaks against it.
 */
export type LedgerDoubt = () => Promise<(head: TreeHead) => Promise<string | null>>;

/** Judging, and telling how things stand. */
export interface JudgeContext extends BaseContext, TrustContext {
  /** Why whoever is answered should not be answered by the ledger as it is. */
  readonly ledgerDoubt: LedgerDoubt;
}

/** Renewing what nothing changed about. */
export interface RenewalContext extends JudgeContext {
  readonly monitorSigner: StatementSigner;
}

/** Speaking for the ledger. */
export interface LedgerContext extends BaseContext {
  readonly ledgerSigner: StatementSigner;
  readonly log: {
    /** The name under which the ledger is known: the first line of its checkpoints. */
    readonly origin: string;
    readonly memory: CheckpointMemory;
  };
}

/** Packing records for offline verifiers. */
export interface ExportContext extends JudgeContext, LedgerContext {
  /**
   * Has the monitor witness a ledger view; takes and gives bundles.
   *
   * @throws CountersignError `unavailable` where it does not now; `integrity` where the ledger is not as the view says
   */
  readonly witnessView: (view: string) => Promise<string>;
}

/** Making the evidence that is published. */
export interface EvidenceContext extends ExportContext {
  readonly publishing: Pick<PublishingContext['publishing'], 'environments' | 'verifier'>;
}

/** Publishing evidence next to the artifact. */
export interface PublishingContext extends JudgeContext {
  /**
   * Has whoever holds the ledger's key make the evidence of a model version's artifact.
   *
   * @throws CountersignError `unavailable` where it is not made now; `integrity` where the ledger is not in order
   */
  readonly signedEvidence: (wish: EvidenceWish) => Promise<readonly EvidenceFile[]>;
  /** The digest of the trust policy in force: under another one all is published anew. */
  readonly policyInForce: () => Digest;
  /** Signs what is published a second time, as the monitor: the ledger's key alone says nothing that counts. */
  readonly monitorSigner: StatementSigner;
  readonly publishing: {
    readonly places: readonly EvidencePlace[];
    /** Environments that get a verification summary each. */
    readonly environments: readonly [string, ...string[]];
    /** Who verified, as verification summaries name it. */
    readonly verifier: string;
    /** Milliseconds between two looks at what was published. */
    readonly inspectEvery: number;
  };
}

/** What a monitor knows of the ledger from elsewhere than the database, and how far its rounds have come. */
export interface LedgerWatch {
  /** The monitor's own copy. */
  readonly copy: LogFolder;
  /** Where copies are published. */
  readonly published: readonly LogFolder[];
  /** What those who append say that they appended last. */
  readonly appended: () => Promise<readonly Appended[]>;
  /** The entries whose leaves, and that as a whole, are looked at next. */
  readonly next: { leaf: number; whole: number };
  /** What is not done yet, by what it is: up to which size it should be, and since when. */
  readonly behind: Map<string, { readonly treeSize: number; readonly since: Instant }>;
  /** The newest checkpoint that the ledger's key signed and that was found in order; null before the first. */
  signed: string | null;
}

/** A model version, and the artifact under its name that evidence is wanted of. */
export interface EvidenceWish extends ModelName {
  readonly artifact: Digest;
}

/** Comparing what is deployed with what was governed. Whoever holds the monitor's key must not be able to speak for the ledger. */
export interface MonitorContext
  extends PublishingContext,
    RenewalContext,
    Pick<ExportContext, 'witnessView'> {
  readonly log: Pick<LedgerContext['log'], 'origin'>;
  /** How many days before governance ends people are warned. */
  readonly expiryWarnings: readonly number[];
  /** Why the trust policy and the public keys on disk are not believed; null where they are. */
  readonly trustRefusal: () => string | null;
  readonly ledgerWatch: LedgerWatch;
  /** How checkpoints of the ledger are published, besides the copies. */
  readonly checkpoints: {
    readonly channel: CheckpointChannel | null;
    /** Milliseconds between two, at least. */
    readonly every: number;
  };
  /** Versions of the checks that this release has, by name. */
  readonly checkVersions: ReadonlyMap<string, string>;
  readonly sources: readonly InventorySource[];
  /** Environments in which nothing need be governed: what serves there raises no findings and has no series. */
  readonly excusedEnvironments: ReadonlySet<string>;
}

/** Having the traffic of deployments blocked. */
export interface EnforcementContext extends BaseContext {
  /** The key that signs what the monitor decides. */
  readonly monitorSigner: StatementSigner;
  readonly enforcement: {
    readonly policy: EnforcementPolicy;
    /** Null where nobody is told. */
    readonly hook: EnforcementHook | null;
  };
}

/** A Slack channel that is a receiver of alerts. */
export interface AlertPlace {
  /** The receiver's name in routes. */
  readonly receiver: string;
  /** The channel as it is configured. */
  readonly name: string;
  readonly channel: AlertChannel;
}

/** Telling people and machines about findings. */
export interface AlertContext extends BaseContext {
  readonly alerting: {
    readonly policy: AlertPolicy;
    readonly channels: readonly AlertPlace[];
    readonly receivers: readonly AlertReceiver[];
  };
}
