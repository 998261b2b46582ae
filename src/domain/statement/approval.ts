import { z } from 'zod';
import { Artifact } from '../artifact.ts';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelId, ModelVersion } from '../model-version.ts';
import { PersonId, Role } from '../person.ts';
import { RiskTier } from '../risk-tier.ts';
import { StatementId } from './statement-id.ts';

/** `approval-request/v1`: which people are asked to decide what, until when. */
export const ApprovalRequest = z.strictObject({
  runId: z.string(),
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: Artifact,
  /** The governance record that is put to the vote. */
  record: StatementId,
  riskTier: RiskTier,
  /** Roles that distinct people must cover. */
  roles: z.array(Role).min(1),
  /** Digest of the approval view: what deciders are shown (canonical JSON). */
  view: Digest,
  requestedAt: Instant,
  /** When an answer is expected (the SLA). */
  dueAt: Instant,
  /** When the request lapses. */
  expiresAt: Instant,
});
export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

/** How sure we are that the person meant it. */
export const ASSURANCES = ['slack_click', 'slack_confirm', 'api_token'] as const;
export type Assurance = (typeof ASSURANCES)[number];

/** `approval-decision/v1`: one person's answer to one request. */
export const ApprovalDecision = z.strictObject({
  artifact: Artifact,
  target: z.strictObject({ type: z.literal('approval_request'), id: StatementId }),
  record: StatementId,
  person: PersonId,
  /** Those of the request's roles that the person held then. */
  roles: z.array(Role).min(1),
  decision: z.enum(['approved', 'rejected']),
  /** Salted digest of the reason; the words themselves are kept apart and can be erased. */
  reason: Digest.optional(),
  /** Digest of the approval view that the person was shown. */
  view: Digest,
  assurance: z.enum(ASSURANCES),
  decidedAt: Instant,
  /** When the approval is no longer good. */
  expiresAt: Instant,
});
export type ApprovalDecision = z.infer<typeof ApprovalDecision>;
