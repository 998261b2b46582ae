import type { Digest } from '../digest.ts';
import { shortDigest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import type { GovernanceStatus, Verdict } from '../judge/index.ts';
import { modelName } from '../model-version.ts';
import type { StatementId } from '../statement/index.ts';
import { type Deployment, deploymentKey, type Observation } from './deployment.ts';
import type { Expiry } from './expiry.ts';

/** Discrepancies between what is deployed and what was governed. */
export const FINDING_KINDS = [
  'missing_record',
  'hash_mismatch',
  'approval_expired',
  'approval_expiring',
  'stage_skipped',
  'signature_invalid',
  'unverifiable',
  'source_stale',
  'override_undocumented',
  'unexpected_signer',
  'unexpected_decision',
  'ledger_tampered',
  'checkpoint_overdue',
  'check_unreliable',
  'evidence_altered',
  'evidence_unpublished',
  'receiver_failing',
  'duty_failing',
  'trust_policy_expiring',
  'trust_policy_refused',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export type Severity = 'critical' | 'warning';

/** Model versions that were approved on the word of an unreliable check. */
export interface Affected {
  /** Approvals from this time on rest on it. */
  readonly since: Instant;
  readonly count: number;
  /** Names of the first of them, `model@version`. */
  readonly names: readonly string[];
}

/** That a finding comes and goes: it is kept open while it does. */
export interface Flapping {
  readonly since: Instant;
  /** Since when it is not so any more; null while it is, or where nobody can tell. */
  readonly quietSince: Instant | null;
}

/** One discrepancy about one deployment, source, check or entry of the ledger. The key is its identity: the same discrepancy is never two findings. */
export interface Finding {
  readonly key: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly deployment: string;
  readonly environment: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly observed: Digest | null;
  /** The governed digest under that name, for a mismatch. */
  readonly expected: Digest | null;
  /** What the governance of the observed bytes amounts to, for a missing record. */
  readonly status?: GovernanceStatus;
  /** The check that is unreliable. */
  readonly check?: { readonly name: string; readonly version: string };
  /** What rests on that check. */
  readonly affected?: Affected;
  /** The entry of the ledger that it is about; the id is null where there is none any more. */
  readonly entry?: { readonly index: number; readonly id: StatementId | null };
  /** The receiver of alerts that cannot be told. */
  readonly receiver?: string;
  /** What was seen, and how that is known; of deployments only. */
  readonly observation?: Pick<Observation, 'confidence' | 'how'> & { readonly source: string };
  /** When the governance ends, and what is done about it; of one that is about to. */
  readonly expiry?: Expiry;
  /** That it comes and goes, since it was found to. */
  readonly flapping?: Flapping;
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** What to do, in a sentence or two. */
  readonly remedy: string;
}

/** What a finding says that is about no deployment, but about a source, a check, a receiver, the policy or the ledger. */
export const ABOUT_NO_MODEL = {
  environment: '*',
  modelId: '*',
  modelVersion: '*',
  observed: null,
  expected: null,
} as const;

/** What is known of the name under which a deployment goes. */
export interface NameKnowledge {
  /** Digest of the artifact governed (or once governed) under this model and version; null when there is none. */
  readonly governedDigest: Digest | null;
  /** Of the governance of what is deployed; null while it is not about to end. */
  readonly expiry: Expiry | null;
}

/**
 * Holds a deployment against the verdict on the bytes it serves. Nothing is content because nothing was seen; but where
 * nothing serves at the moment there are no bytes to be known.
 */
export function findingsOf(
  deployment: Deployment,
  verdict: Verdict | null,
  name: NameKnowledge,
): readonly Finding[] {
  if (deployment.digest === null || verdict === null)
    return deployment.replicas === 0 ? [] : [unverifiable(deployment)];
  if (verdict.allowed) return name.expiry === null ? [] : [approvalExpiring(deployment, name.expiry)];
  if (verdict.reasons.some(({ code }) => code === 'signature_invalid'))
    return [signatureInvalid(deployment, verdict)];
  if (verdict.status === 'expired') return [approvalExpired(deployment, verdict)];
  const expected = name.governedDigest;
  if (expected !== null && expected !== deployment.digest) return [hashMismatch(deployment, expected)];
  return [missingRecord(deployment, verdict)];
}

function finding(
  kind: FindingKind,
  severity: Severity,
  deployment: Deployment,
  rest: Pick<Finding, 'summary' | 'remedy' | 'status' | 'expiry'> & { expected?: Digest },
): Finding {
  return {
    key: `${kind}/${deploymentKey(deployment)}/${modelName(deployment)}`,
    kind,
    severity,
    deployment: deploymentKey(deployment),
    environment: deployment.environment,
    modelId: deployment.modelId,
    modelVersion: deployment.modelVersion,
    observed: deployment.digest,
    expected: rest.expected ?? null,
    ...(rest.status === undefined ? {} : { status: rest.status }),
    ...(rest.expiry === undefined ? {} : { expiry: rest.expiry }),
    observation: { source: deployment.source, confidence: deployment.confidence, how: deployment.how },
    summary: rest.summary,
    remedy: rest.remedy,
  };
}

function missingRecord(deployment: Deployment, verdict: Verdict): Finding {
  const why = verdict.reasons.map(({ message }) => message).join('; ');
  return finding('missing_record', 'critical', deployment, {
    status: verdict.status,
    summary: `${modelName(deployment)} serves traffic in ${deployment.environment} and is not governed (${verdict.status}): ${why}`,
    remedy: remedyOf(verdict.status),
  });
}

/** What to do about bytes that serve traffic with this status. */
function remedyOf(status: GovernanceStatus): string {
  switch (status) {
    case 'pending':
      return 'Block traffic to this model, or roll back. Its run or its approval request waits for an answer; re-enable it when it is governed.';
    case 'failed':
      return 'Block traffic to this model, or roll back to the last governed version. It failed its checks: mend what the run names, then submit it again.';
    case 'rejected':
      return 'Roll back to the last governed version: people rejected this one. Mend what they objected to, then submit it again.';
    case 'revoked':
      return 'Roll back to the last governed version: the governance of this one was revoked.';
    case 'ungoverned':
    case 'expired':
    case 'governed':
    case 'overridden':
      return 'Block traffic to this model, or roll back. Submit it: run the governance pipeline before re-enabling.';
  }
}

function hashMismatch(deployment: Deployment, expected: Digest): Finding {
  const seen = deployment.digest === null ? 'nothing' : shortDigest(deployment.digest);
  return finding('hash_mismatch', 'critical', deployment, {
    expected,
    summary: `${modelName(deployment)} in ${deployment.environment} serves ${seen}; ${shortDigest(expected)} was governed`,
    remedy:
      'The model may have been modified after its approval: investigate immediately. Put the governed bytes back and find out who changed them.',
  });
}

function approvalExpiring(deployment: Deployment, expiry: Expiry): Finding {
  return finding('approval_expiring', 'warning', deployment, {
    expiry,
    summary: `the governance of ${modelName(deployment)} in ${deployment.environment} ends at ${expiry.until}`,
    remedy:
      'Have CI report the current inputs, so that it is renewed if nothing changed; or start the renewal: the pipeline is run again, and people are asked where its risk tier demands it.',
  });
}

function approvalExpired(deployment: Deployment, verdict: Verdict): Finding {
  const until = verdict.basis?.validUntil ?? 'an unknown time';
  return finding('approval_expired', 'warning', deployment, {
    summary: `the governance of ${modelName(deployment)} in ${deployment.environment} expired at ${until}`,
    remedy:
      'Re-run the governance pipeline to renew the approval: start the renewal, or submit it again with fresh evidence. Check for changes of regulation or policy since the last approval.',
  });
}

function signatureInvalid(deployment: Deployment, verdict: Verdict): Finding {
  return finding('signature_invalid', 'critical', deployment, {
    summary: `a statement about ${modelName(deployment)} does not verify: ${verdict.reasons.map(({ message }) => message).join('; ')}`,
    remedy: 'Find out who altered the ledger; trust nothing about this artifact until then.',
  });
}

function unverifiable(deployment: Deployment): Finding {
  return finding('unverifiable', 'critical', deployment, {
    summary: `nobody can tell which bytes ${modelName(deployment)} serves in ${deployment.environment}: ${deployment.how}`,
    remedy: 'Make the digest readable to the monitor: mount the file, or declare the digest.',
  });
}

/** The finding about bytes that are known, but of which nothing can be judged for what is stored about them. */
export function unjudgeable(deployment: Deployment, why: string): Finding {
  return finding('unverifiable', 'critical', deployment, {
    summary: `${modelName(deployment)} in ${deployment.environment} cannot be judged: ${why.slice(0, 300)}`,
    remedy:
      'What the ledger holds about it cannot be read: find out who altered it, and trust nothing about this artifact until then.',
  });
}
