export { isAuditDue } from './audit-due.ts';
export {
  type AuditOutcome,
  auditOutcome,
  type CaseAnswer,
  type CaseFault,
  type CheckAudit,
  FAULT_IN_WORDS,
} from './check-audit.ts';
export { AFFECTED_NAMED, checkFinding, type Reliance, rerunCommand } from './check-finding.ts';
export { type Confidence, type Deployment, deploymentKey, type Observation } from './deployment.ts';
export {
  type Affected,
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  findingsOf,
  type NameKnowledge,
  type Severity,
} from './finding.ts';
export { hashNumber, type MetricsSnapshot, type ModelMetrics } from './metrics.ts';
