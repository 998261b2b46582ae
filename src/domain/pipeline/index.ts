export { CheckParameters, NO_CHECK_PARAMETERS, withCheckParameters } from './check-parameters.ts';
export type { OverrideRules } from './override.ts';
export {
  type ApprovalStage,
  approvalFor,
  type CheckStage,
  type CheckUse,
  checkStages,
  isRequired,
  type Pipeline,
  parsePipeline,
  type Requirement,
  type Stage,
} from './pipeline.ts';
export { type RenewalRules, unaskedRenewals } from './renewal.ts';
export { TIER_CHECK } from './schema.ts';
export { tierOf } from './tier.ts';
