import { z } from '@hono/zod-openapi';
import { FINDING_KINDS, GOVERNANCE_STATUSES } from '../../domain/index.ts';
import { DeploymentReport } from '../../services/index.ts';
import { DigestText, ModelIdText, Next, Time, VersionText } from './names.ts';
import { RunBody } from './run.ts';
import { StatusText, VerdictBody } from './verdict.ts';

export const DeploymentBody = z
  .object({
    key: z
      .string()
      .openapi({ description: 'source/environment/deployment', example: 'files/production/fraud' }),
    source: z.string(),
    environment: z.string(),
    deployment: z.string(),
    modelId: z.string(),
    modelVersion: z.string(),
    digest: DigestText.nullable().openapi({
      description: 'What was seen serving; null where nobody can tell.',
    }),
    confidence: z.enum(['verified', 'reported', 'declared', 'unknown']).openapi({
      description: 'How the digest is known: bytes re-hashed, a registry said so, a label, not at all.',
    }),
    how: z.string(),
    replicas: z.int(),
    status: StatusText,
    observedAt: Time,
    staleSince: Time.nullable().openapi({
      description:
        'Since when it cannot be seen any more: everything here is as it was last seen. Null while it is seen.',
    }),
    firstSeenAt: Time,
  })
  .openapi('Deployment');
export const DeploymentListBody = z
  .object({ deployments: z.array(DeploymentBody).readonly() })
  .openapi('DeploymentList');

export const DeploymentNameText = DeploymentReport.shape.deployment.meta({ example: 'fraud-eu' });
export const ReportReceiptBody = z
  .object({
    expiresAt: Time.openapi({ description: 'Until then another report must follow.' }),
  })
  .openapi('ReportReceipt');

export const FindingBody = z
  .object({
    id: z.int(),
    kind: z.enum(FINDING_KINDS),
    severity: z.enum(['critical', 'warning']),
    state: z.enum(['firing', 'resolved']),
    deployment: z.string(),
    environment: z.string(),
    modelId: z.string(),
    modelVersion: z.string(),
    observed: DigestText.nullable(),
    expected: DigestText.nullable(),
    status: z
      .enum(GOVERNANCE_STATUSES)
      .optional()
      .openapi({ description: 'The verdict on what is deployed; of missing_record only.' }),
    check: z
      .object({ name: z.string(), version: z.string() })
      .optional()
      .openapi({ description: 'The check that is not known to be right; of check_unreliable only.' }),
    affected: z
      .object({
        since: Time,
        count: z.int(),
        names: z.array(z.string()).readonly().openapi({ description: 'The first 20, `model@version`.' }),
      })
      .optional()
      .openapi({ description: 'Model versions approved on the word of an unreliable check.' }),
    entry: z.object({ index: z.int(), id: z.string().nullable() }).optional().openapi({
      description:
        'The entry of the ledger; of ledger_tampered, unexpected_signer and unexpected_decision, where one can be named.',
    }),
    observation: z
      .object({
        source: z.string(),
        confidence: z.enum(['verified', 'reported', 'declared', 'unknown']),
        how: z.string(),
      })
      .optional()
      .openapi({ description: 'What saw it, and how it knows; of deployments only.' }),
    expiry: z
      .object({
        runId: z.string(),
        until: Time,
        daysLeft: z.int(),
        warning: z.number().openapi({ description: 'The warning that is due: so many days before the end.' }),
        obstacles: z
          .array(z.string())
          .readonly()
          .openapi({ description: 'Why it is not renewed without asking anybody.' }),
        runsAt: Time.nullable().openapi({
          description: 'When the pipeline is run again by itself; null for never.',
        }),
      })
      .optional()
      .openapi({ description: 'The end of the governance of what is deployed; of approval_expiring only.' }),
    flapping: z
      .object({
        since: Time,
        quietSince: Time.nullable().openapi({
          description: 'Since when it is not so any more; null while it is, or where nobody can tell.',
        }),
      })
      .optional()
      .openapi({ description: 'That it comes and goes and is kept open meanwhile; of warnings only.' }),
    summary: z.string(),
    remedy: z.string(),
    firedAt: Time,
    resolvedAt: Time.nullable(),
    acknowledged: z.object({ by: z.string().nullable(), at: Time }).nullable().openapi({
      description: 'Who said that they look into it: a person id.',
    }),
    mute: z
      .object({ by: z.string().nullable(), at: Time, until: Time, reason: z.string() })
      .nullable()
      .openapi({ description: 'Who keeps its messages quiet, until when and why; null once that is over.' }),
    run: z
      .object({ runId: z.string(), at: Time })
      .nullable()
      .openapi({ description: 'The newest run that was queued from its alert.' }),
  })
  .openapi('Finding', { description: 'A discrepancy between what is deployed and what was governed.' });
/** The number of a finding. */
export const FindingId = z.coerce
  .number()
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({ description: 'The number by which people name the finding.', example: 17 });

export const FindingInFullBody = z
  .object({
    finding: FindingBody,
    steps: z
      .array(
        z.object({
          kind: z.string(),
          at: Time,
          person: z.string().nullable().openapi({ description: 'Who took it; null where nobody did.' }),
        }),
      )
      .readonly()
      .openapi({ description: 'What happened to it, oldest first.' }),
    deliveries: z
      .array(
        z.object({
          receiver: z.string(),
          toldAt: Time.nullable().openapi({ description: 'When it last took something of this finding.' }),
          pending: z
            .boolean()
            .openapi({ description: 'Whether there is something that it was not told yet.' }),
          failure: z.string().nullable().openapi({ description: 'Why the last try failed.' }),
        }),
      )
      .readonly()
      .openapi({ description: 'Who is told of it, by the names in countersign.yaml.' }),
  })
  .openapi('FindingInFull');

/** What somebody does about a finding. */
export const HandlingWish = z.discriminatedUnion('action', [
  z.strictObject({ action: z.enum(['acknowledge', 'unmute', 'run', 'block']) }),
  z.strictObject({
    action: z.literal('mute'),
    minutes: z.int().min(1).max(43_200),
    reason: z.string().trim().min(1).max(500),
  }),
]);
export type HandlingWish = z.infer<typeof HandlingWish>;

export const FindingListBody = z
  .object({ findings: z.array(FindingBody).readonly(), next: Next })
  .openapi('FindingList');

export const StatusAtBody = z
  .object({
    modelId: ModelIdText,
    at: Time,
    knownSince: Time.nullable().openapi({
      description: 'Nothing is known of what was deployed before; null where nothing was ever looked at.',
    }),
    deployments: z
      .array(
        z.object({
          key: z.string().openapi({ description: 'source/environment/deployment' }),
          source: z.string(),
          environment: z.string(),
          deployment: z.string(),
          modelVersion: z.string(),
          digest: DigestText.nullable(),
          confidence: z.enum(['verified', 'reported', 'declared', 'unknown']),
          how: z.string(),
          validFrom: Time.openapi({ description: 'When this was first seen there.' }),
          validTo: Time.nullable().openapi({ description: 'When it was seen no more; null while it is.' }),
          verdict: VerdictBody.nullable().openapi({
            description: 'As of then; null where nobody could tell the bytes.',
          }),
        }),
      )
      .readonly(),
  })
  .openapi('StatusAt', { description: 'How a model stood at a time.' });

export const ModelStatusBody = z
  .object({
    modelId: ModelIdText,
    versions: z
      .array(
        z.object({
          modelId: ModelIdText,
          modelVersion: VersionText,
          artifact: DigestText,
          latestRun: RunBody,
          verdict: VerdictBody,
          unaskedRenewals: z.int().openapi({
            description:
              'How often it may still be renewed without asking anybody, while nothing changes; 0 for never.',
          }),
        }),
      )
      .readonly(),
    deployments: z.array(DeploymentBody).readonly(),
    findings: z.array(FindingBody).readonly(),
  })
  .openapi('ModelStatus');
