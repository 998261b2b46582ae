import { z } from '@hono/zod-openapi';
import {
  GOVERNANCE_STATUSES,
  PersonId,
  REASON_CODES,
  RiskTier,
  Role,
  StatementId,
} from '../../domain/index.ts';
import { DigestText, Time } from './names.ts';

/** An artifact's governance status, documented. */
export const StatusText = z
  .enum(GOVERNANCE_STATUSES)
  .openapi({ description: "What the artifact's governance amounts to; only governed and overridden allow." });

const ReasonBody = z
  .object({
    code: z.enum(REASON_CODES),
    message: z.string(),
    resolve: z.string().openapi({ description: 'The command or act that would resolve it.' }),
    statement: StatementId.optional(),
  })
  .openapi('Reason', {
    example: {
      code: 'no_record',
      message: 'no signed statement speaks of fraud-detection@4.2.0',
      resolve: 'countersign submit',
    },
  });

const Approval = z.object({ person: PersonId, role: Role, statement: StatementId, decidedAt: Time });

const Basis = z
  .object({
    modelId: z.string(),
    modelVersion: z.string(),
    runId: z.string(),
    pipeline: DigestText,
    riskTier: RiskTier.nullable(),
    record: StatementId.nullable(),
    request: StatementId.nullable(),
    requiredStages: z.array(z.string()).readonly(),
    completedStages: z.array(z.string()).readonly(),
    approvals: z.array(Approval).readonly(),
    missingRoles: z.array(Role).readonly(),
    validUntil: Time.nullable(),
    renewal: z
      .object({ statement: StatementId, number: z.int(), renewedAt: Time, until: Time })
      .nullable()
      .openapi({ description: 'The last renewal of the record without another run; null for none.' }),
  })
  .openapi('VerdictBasis', { description: 'The run on which a verdict rests.' });

export const VerdictBody = z
  .object({
    artifact: DigestText.openapi({ description: 'The digest of its bytes.' }),
    manifest: DigestText.nullable().openapi({
      description: 'The OCI manifest by whose digest was asked; null where it was by that of the bytes.',
    }),
    environment: z.string(),
    status: StatusText,
    allowed: z.boolean().openapi({ description: 'Whether the artifact may serve traffic there.' }),
    reasons: z.array(ReasonBody).readonly().openapi({ description: 'Why not; empty where it is allowed.' }),
    notes: z
      .array(ReasonBody)
      .readonly()
      .openapi({ description: 'What was set aside on the way and does not decide.' }),
    basis: Basis.nullable(),
    override: z
      .object({ statement: StatementId, person: PersonId, until: Time })
      .nullable()
      .openapi({ description: 'The override by which it is `overridden`; null otherwise.' }),
    asOf: Time.nullable().openapi({
      description: 'Time of the ledger view: the verdict knows nothing later.',
    }),
    judgedAt: Time,
  })
  .openapi('Verdict');

export const GateBody = z
  .object({
    allowed: z.boolean().openapi({ description: 'Deploy only where this is true.' }),
    status: StatusText,
    artifact: DigestText.openapi({ description: 'The digest of its bytes.' }),
    manifest: DigestText.nullable().openapi({
      description: 'The OCI manifest by whose digest was asked; null where it was by that of the bytes.',
    }),
    environment: z.string(),
    reasons: z.array(ReasonBody).readonly(),
    validUntil: Time.nullable().openapi({ description: 'When the governance lapses, where that is known.' }),
    asOf: Time.nullable(),
    judgedAt: Time,
  })
  .openapi('GateAnswer', {
    example: {
      allowed: false,
      status: 'ungoverned',
      artifact: 'sha256:9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab' as never,
      environment: 'production',
      reasons: [
        { code: 'no_record', message: 'no signed statement speaks of it', resolve: 'countersign submit' },
      ],
      validUntil: null,
      asOf: '2026-11-23T09:30:00.000Z',
      judgedAt: '2026-11-23T09:30:00.000Z',
    },
  });
