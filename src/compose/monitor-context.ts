import type { StatementSigner } from '../attestation/index.ts';
import { type Config, configuredSecrets } from '../config/index.ts';
import { digestOfJson } from '../domain/index.ts';
import { createSources } from '../inventory/index.ts';
import type { SlackClient } from '../notify/index.ts';
import {
  askEvidence,
  createWitness,
  type JudgeContext,
  type MonitorContext,
  noDoubt,
  reportedDeployments,
  type SubmissionContext,
} from '../services/index.ts';
import { checkpointsOf, ledgerWatch, ownJudgeContext } from './ledger.ts';
import type { Beliefs } from './live/beliefs.ts';
import { openPublishing } from './publishing.ts';

/** What the monitor's part is made of. */
interface MonitorGround {
  readonly config: Config;
  readonly submission: SubmissionContext;
  readonly beliefs: Beliefs;
  readonly slack: SlackClient | null;
}

/** What looking, renewing, witnessing and publishing need: the monitor's key, and no other that anybody believes. */
export function monitorContext(
  { config, submission, beliefs, slack }: MonitorGround,
  believing: Omit<JudgeContext, 'ledgerSigner' | 'ledgerDoubt'>,
  monitorSigner: StatementSigner,
): MonitorContext {
  const log = { origin: config.ledger.origin };
  const watch = { log, ledgerWatch: ledgerWatch(config) };
  return {
    ...ownJudgeContext(believing),
    ledgerDoubt: noDoubt,
    ...watch,
    monitorSigner,
    expiryWarnings: config.monitor.expiryWarningDays,
    trustRefusal: beliefs.refusal,
    witnessView: createWitness({ ...believing, ...watch, monitorSigner }),
    signedEvidence: (wish) => askEvidence(submission, wish),
    policyInForce: () => digestOfJson(submission.trust.policy),
    checkpoints: checkpointsOf(config, slack),
    checkVersions: submission.checkVersions,
    sources: [
      ...createSources(config.monitor.sources, configuredSecrets(config.file)),
      reportedDeployments(submission),
    ],
    excusedEnvironments: new Set(config.excusedEnvironments),
    publishing: openPublishing(config),
  };
}
