export { Digest, digestOf, digestOfJson, hexOf, shortDigest } from './digest.ts';
export { CountersignError, type ErrorCode, invalidInput } from './error.ts';
export { ModelId, type ModelName, ModelVersion, modelName } from './model-version.ts';
export {
  CheckProblem,
  CheckReport,
  CheckResult,
  Measurement,
  OUTCOMES,
  Outcome,
  stageOutcome,
} from './outcome.ts';
export { RISK_TIERS, RiskTier } from './risk-tier.ts';
