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
import type {
  JudgeContext,
  LedgerContext,
  LedgerWatch,
  MonitorContext,
  SubmissionContext,
} from '../services/index.ts';
import { liveTrust, remembered } from './live/views.ts';
import { openBucket } from './publishing-reach.ts';
import type { Surface } from './surface.ts';

/**
 * What judging needs. Without the ledger's key only the bot judges, and only for its own use; null for everybody else.
 */
export function judgeContext(
  { db, clock, newId, trust, directory, verifier }: SubmissionContext & Pick<JudgeContext, 'verifier'>,
  surfaces: readonly Surface[],
  ledgerSigner: StatementSigner | undefined,
): JudgeContext | null {
  const base = { db, clock, newId, directory };
  if (ledgerSigner !== undefined) return { ...base, trust, verifier, ledgerSigner };
  return surfaces.includes('bot') ? { ...base, ...believingItself(trust, verifier) } : null;
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
      const result = one.verify(bundle);
      return result.ok ? result : other.verify(bundle);
    },
    openCheckpoint: (note, signers) => other.openCheckpoint(note, signers),
  };
}

const LONG_AGO = '1970-01-01T00:00:00.000Z';

/** Where the newest checkpoint is remembered, beside the ledger's key. */
export function ledgerMemory({ keysDir, ledger: { origin } }: Config): CheckpointMemory {
  return checkpointMemory(join(keysDir, 'ledger', encodeURIComponent(origin)));
}

/** What speaking for the ledger needs. */
export function ledgerContext(
  config: Config,
  { db, clock, newId }: SubmissionContext,
  ledgerSigner: StatementSigner,
): LedgerContext {
  const { origin } = config.ledger;
  return { db, clock, newId, ledgerSigner, log: { origin, memory: ledgerMemory(config) } };
}

/** What the monitor knows of the ledger from elsewhere than the database. */
export function ledgerWatch({ dataDir, ledger: { origin, publish }, publish: { s3 } }: Config): LedgerWatch {
  const copy = openLogFolder(join(dataDir, 'ledger', encodeURIComponent(origin)));
  const buckets = publish.buckets.map((bucket) => openS3LogFolder(bucket.url, openBucket(bucket, s3)));
  const published = [...publish.directories.map(openLogFolder), ...buckets];
  return { copy, published, next: { leaf: 0, whole: 0 } };
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
