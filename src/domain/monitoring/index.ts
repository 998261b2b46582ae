export { type Confidence, type Deployment, deploymentKey, type Observation } from './deployment.ts';
export {
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  findingsOf,
  type NameKnowledge,
  type Severity,
} from './finding.ts';
export { hashNumber, type MetricsSnapshot, type ModelMetrics } from './metrics.ts';
