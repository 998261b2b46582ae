import type {
  ApprovalState,
  FindingKind,
  GovernanceStatus,
  Outcome,
  RiskTier,
} from '../../../domain/index.ts';
import { code } from '../text.ts';

/** Risk tiers as people say them. */
export const TIER_IN_WORDS: Readonly<Record<RiskTier, string>> = {
  prohibited: 'Prohibited',
  high_risk: 'High risk',
  limited_risk: 'Limited risk',
  minimal_risk: 'Minimal risk',
};

/** A risk tier in words and as the interface spells it, once per card. Markup. */
export function tierInFull(tier: RiskTier): string {
  return `${TIER_IN_WORDS[tier]} (${code(tier, 40)})`;
}

/** A sign beside each governance status; the word always stands with it. */
export const STATUS_SIGN: Readonly<Record<GovernanceStatus, string>> = {
  governed: '🟢',
  pending: '🟡',
  failed: '🔴',
  rejected: '⛔',
  expired: '⌛',
  overridden: '🟠',
  revoked: '🚫',
  ungoverned: '⚫',
};

/** A sign beside each outcome of a check. */
export const OUTCOME_SIGN: Readonly<Record<Outcome, string>> = {
  passed: '✅',
  failed: '❌',
  insufficient_evidence: '⚠️',
  not_applicable: '⚪',
  errored: '❌',
};

/** How a card's headline begins. */
export const STATE_HEADLINE: Readonly<Record<ApprovalState, string>> = {
  pending: '🟡 Approval needed',
  approved: '🟢 Approved',
  rejected: '⛔ Rejected',
  lapsed: '⌛ Lapsed',
  superseded: '⚪ Superseded',
  withdrawn: '↩️ Withdrawn',
};

const NOTHING_LEFT = 'Nothing is left to do.';

/** What the end of a finding means, and what is left to do, by its kind. */
export const WHEN_RESOLVED: Readonly<Record<FindingKind, string>> = {
  missing_record: 'These bytes are governed now, or no longer serve traffic here.',
  hash_mismatch:
    'The governed bytes are back, or the changed ones no longer serve traffic. Still find out who changed them.',
  approval_expired: 'It is governed again, or no longer serves traffic here.',
  approval_expiring:
    'It is good for longer now, or no longer serves traffic here; if it ended, another alert says so.',
  stage_skipped: NOTHING_LEFT,
  signature_invalid: 'Its statements verify again. Still find out who altered the ledger.',
  unverifiable: 'Its bytes can be told again, or it is no longer deployed.',
  source_stale: 'The source is read again, and its deployments are up to date.',
  override_undocumented: 'The override is documented, and its model can be overridden again.',
  unexpected_signer: 'Still find out who signed.',
  unexpected_decision: 'Still find out who signed in whose name.',
  ledger_tampered: 'The ledger verifies again. Still find out who altered it.',
  checkpoint_overdue: 'Checkpoints are signed and published again.',
  check_unreliable:
    'It answers its known cases rightly, or no pipeline uses it any more. Still queue again what was approved on its word meanwhile.',
  evidence_altered: 'What was published stands there again. Still find out who changed it.',
  evidence_unpublished: 'The evidence is published there.',
  receiver_failing: 'It is told again, also what it missed.',
  duty_failing: 'The monitor does all of it again. Still find out who wrote what could not be read.',
  trust_policy_expiring: 'A newer version is in force.',
  trust_policy_refused: 'What lies on disk is what is believed. Still find out who had changed it.',
};

/** How to ask for another environment; nothing where there is none. Markup. */
export function elsewhere(others: readonly string[]): string {
  if (others.length === 0) return '';
  const asked = others.slice(0, 5).map((name) => code(`in ${name}`, 60));
  return ` For another environment add ${asked.join(' or ')}.`;
}
