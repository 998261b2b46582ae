import { DAY, HOUR, type Json, type Parsed, parsed, parseYaml } from '../../lib/index.ts';
import type { Confirmation } from '../confirmation.ts';
import { type Digest, digestOf } from '../digest.ts';
import type { EscalationPolicy } from '../escalation/policy.ts';
import type { Role } from '../person.ts';
import type { RiskTier } from '../risk-tier.ts';
import { escalationOf } from './escalation.ts';
import { type OverrideRules, overrideRulesOf } from './override.ts';
import { type RenewalRules, renewalRulesOf } from './renewal.ts';
import { PipelineFile, type StageEntry } from './schema.ts';

/** When a stage must have passed. */
export type Requirement =
  | { readonly kind: 'always' }
  | { readonly kind: 'for_tiers'; readonly tiers: readonly RiskTier[] }
  | { readonly kind: 'optional' };

/** A check as a pipeline uses it. */
export interface CheckUse {
  readonly name: string;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** A stage of automated checks. */
export interface CheckStage {
  readonly kind: 'checks';
  readonly name: string;
  readonly description: string;
  readonly requirement: Requirement;
  readonly blocking: boolean;
  /** Milliseconds for which evidence, from its first use on, lets a record be renewed. */
  readonly maxAge: number;
  /** Shared by the stage's checks. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly checks: readonly CheckUse[];
}

/** The stage in which people decide. */
export interface ApprovalStage {
  readonly kind: 'approval';
  readonly name: string;
  readonly description: string;
  readonly requirement: Requirement;
  /** Roles that distinct people must cover. */
  readonly roles: readonly Role[];
  /** Milliseconds in which an answer is expected. */
  readonly sla: number;
  /** Milliseconds after which an unanswered request lapses. */
  readonly expiresAfter: number;
  readonly escalation: EscalationPolicy;
  /** How an approval is confirmed. */
  readonly confirmation: Confirmation;
  /** Whether approvals by the API count. */
  readonly apiDecisions: boolean;
}

export type Stage = CheckStage | ApprovalStage;

/** What every model must pass. Identified by the digest of its file's bytes. */
export interface Pipeline {
  readonly digest: Digest;
  /** The file's text, as hashed. */
  readonly source: string;
  readonly recordValidityDays: number;
  readonly override: OverrideRules;
  readonly renewal: RenewalRules;
  readonly stages: readonly Stage[];
}

/** Reads a pipeline file; every problem comes with line and column. Whether its checks exist is the registry's to say. */
export function parsePipeline(text: string, file: string): Parsed<Pipeline> {
  const result = parseYaml({ file, text }, PipelineFile);
  if (!result.ok) return result;
  const { approval, record_validity_days: validityDays, override, renewal } = result.value;
  const stages = result.value.stages.map((entry) => toStage(entry, approval));
  const asksPeople = (tier: RiskTier) => approvalFor({ stages }, tier) !== null;
  return parsed({
    digest: digestOf(text),
    source: text,
    recordValidityDays: validityDays,
    override: overrideRulesOf(override),
    renewal: renewalRulesOf(renewal, { validityDays, asksPeople }),
    stages,
  });
}

const MAX_AGE_DAYS = 180;

function toStage(entry: StageEntry, approval: PipelineFile['approval']): Stage {
  const common = {
    name: entry.name,
    description: entry.description ?? '',
    requirement: requirementOf(entry),
  };
  if (entry.approval_roles !== undefined) {
    const times = { sla: approval.sla_hours * HOUR, expiresAfter: approval.expires_after_hours * HOUR };
    const escalation = escalationOf(approval);
    const taken = { confirmation: approval.confirmation, apiDecisions: approval.api_decisions };
    return { kind: 'approval', ...common, roles: entry.approval_roles, ...times, escalation, ...taken };
  }
  const checks = (entry.checks ?? []).map((check) =>
    typeof check === 'string' ? { name: check, parameters: {} } : check,
  );
  return {
    kind: 'checks',
    ...common,
    blocking: entry.blocking,
    maxAge: (entry.max_age_days ?? MAX_AGE_DAYS) * DAY,
    parameters: entry.parameters as CheckStage['parameters'],
    checks: checks as CheckUse[],
  };
}

function requirementOf(entry: StageEntry): Requirement {
  if (entry.required_for_risk_tiers !== undefined)
    return { kind: 'for_tiers', tiers: entry.required_for_risk_tiers };
  return { kind: entry.required === false ? 'optional' : 'always' };
}

/** Whether a stage must have passed for an artifact of this tier; an unknown tier demands everything. */
export function isRequired(stage: Stage, tier: RiskTier | null): boolean {
  switch (stage.requirement.kind) {
    case 'always':
      return true;
    case 'optional':
      return false;
    case 'for_tiers':
      return tier === null || tier === 'prohibited' || stage.requirement.tiers.includes(tier);
  }
}

/** A pipeline's stages of checks, in order: all but the one in which people decide. */
export function checkStages(pipeline: Pipeline): readonly CheckStage[] {
  return pipeline.stages.filter((stage) => stage.kind === 'checks');
}

/** The approval that a tier demands, if it does. */
export function approvalFor(pipeline: Pick<Pipeline, 'stages'>, tier: RiskTier | null): ApprovalStage | null {
  return (
    (pipeline.stages.find((stage) => stage.kind === 'approval' && isRequired(stage, tier)) as
      | ApprovalStage
      | undefined) ?? null
  );
}
