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
export {
  changeOf,
  type FindingEvent,
  type FindingStep,
  type Handling,
  type HandlingRefusal,
  handlingOf,
  isLoud,
  LONGEST_MUTE,
  type Mute,
  toldEvents,
} from './handling.ts';
export { hashNumber, type MetricsSnapshot, type ModelMetrics } from './metrics.ts';
export { groupStorms, type Storm, TOLD_ONE_BY_ONE } from './storm.ts';
