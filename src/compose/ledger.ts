import { join } from 'node:path';
import {
  createSigningKey,
  loadSigner,
  type StatementSigner,
  type StatementVerifier,
} from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import {
  type CheckpointMemory,
  SIGNS,
  type Trust,
  type TrustedSigner,
  type TrustPolicy,
} from '../domain/index.ts';
import { checkpointMemory, openLogFolder, openS3LogFolder } from '../evidence/index.ts';
import { MINUTE } from '../lib/index.ts';
import { createCheckpointChannel, type SlackClient } from '../notify/index.ts';
import type { EvidenceContext, JudgeContext, LedgerWatch, MonitorContext } from '../services/index.ts';
import { askWitness, doubtByFindings, doubtByMemory } from '../services/index.ts';
import { readAppended } from './append-memory.ts';
import { liveTrust, remembered } from './live/views.ts';
import { evidencePublished } from './publishing.ts';
import { openBucket } from './publishing-reach.ts';

type JudgeGround = Omit<JudgeContext, 'ledgerSigner' | 'ledgerDoubt'>;

/** What judging for others needs; null without the ledger's key, whose views others believe. */
export function judgeContext(
  config: Config,
  { db, clock, newId, trust, directory, verifier }: JudgeGround,
  ledgerSigner: StatementSigner | undefined,
): JudgeContext | null {
  if (ledgerSigner === undefined) return null;
  const ledgerDoubt = doubtByMemory(db, ledgerMemory(config));
  return { db, clock, newId, trust, directory, verifier, ledgerSigner, ledgerDoubt };
}

/** What judging for one's own use needs: the bot and the monitor must not be able to speak for the ledger. */
export function ownJudgeContext({ db, clock, newId, trust, directory, verifier }: JudgeGround): JudgeContext {
  const ledgerDoubt = doubtByFindings(db);
  return { db, clock, newId, directory, ledgerDoubt, ...believingItself(trust, verifier) };
}

/** For a process that judges what it reads itself, and whose views nobody else is to believe: a key that ends with it. */
function believingItself(
  trust: Trust,
  verifier: StatementVerifier,
): Pick<JudgeContext, 'trust' | 'verifier' | 'ledgerSigner'> {
  const ledgerSigner = loadSigner('ledger', createSigningKey().privateKey);
  const { keyId, publicKey } = ledgerSigner;
  const predicates = [...SIGNS.ledger];
  const own: TrustedSigner = { name: 'ledger', keyId, publicKey, predicates, validFrom: LONG_AGO };
  const withOwn = remembered((policy: TrustPolicy) => ({ ...policy, signers: [...policy.signers, own] }));
  const believed = liveTrust(() => ({ pipelines: trust.pipelines, policy: withOwn(trust.policy) }));
  return { trust: believed, verifier: believingBoth(ledgerSigner.verifier, verifier), ledgerSigner };
}

/** Believes a signer, and whatever else is believed. */
function believingBoth(one: StatementVerifier, other: StatementVerifier): StatementVerifier {
  return {
    verify: (bundle) => {
      const result = other.verify(bundle);
      if (result.ok) return result;
      const own = one.verify(bundle);
      return own.ok ? own : result;
    },
    openCheckpoint: (note, signers) => other.openCheckpoint(note, signers),
  };
}

const LONG_AGO = '1970-01-01T00:00:00.000Z';

/** Where the newest checkpoint is remembered, beside the ledger's key. */
export function ledgerMemory({ keysDir, ledger: { origin } }: Config): CheckpointMemory {
  return checkpointMemory(join(keysDir, 'ledger', encodeURIComponent(origin)));
}

/** What speaking for the ledger needs, for who exports evidence and for who publishes it; the monitor is asked to witness it. */
export function evidenceContext(config: Config, judge: JudgeContext): EvidenceContext {
  return {
    ...judge,
    log: { origin: config.ledger.origin, memory: ledgerMemory(config) },
    witnessView: (view) => askWitness(judge, view),
    publishing: evidencePublished(config),
  };
}

/** What the monitor knows of the ledger from elsewhere than the database. */
export function ledgerWatch(config: Config): LedgerWatch {
  const {
    dataDir,
    ledger: { origin, publish },
    publish: { s3 },
  } = config;
  const copy = openLogFolder(join(dataDir, 'ledger', encodeURIComponent(origin)));
  const buckets = publish.buckets.map((bucket) => openS3LogFolder(bucket.url, openBucket(bucket, s3)));
  const published = [...publish.directories.map(openLogFolder), ...buckets];
  const appended = () => readAppended(config);
  return { copy, published, appended, next: { leaf: 0, whole: 0 }, behind: new Map(), signed: null };
}

/** How checkpoints are told to people, and how often they are published. */
export function checkpointsOf(
  { ledger: { publish } }: Config,
  slack: SlackClient | null,
): MonitorContext['checkpoints'] {
  const { slackChannel, everyMinutes } = publish;
  const channel =
    slack === null || slackChannel === null ? null : createCheckpointChannel(slack, slackChannel);
  return { channel, every: everyMinutes * MINUTE };
}
