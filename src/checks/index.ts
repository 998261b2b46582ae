export type {
  Check,
  CheckFile,
  CheckInput,
  EvidenceUse,
} from './contract.ts';
export {
  effectiveParameters,
  type ParameterProblem,
  parameterProblems,
  type StageOfChecks,
} from './effective-parameters.ts';
export {
  FRAMEWORKS,
  type Framework,
  type FrameworkId,
  type FrameworkReferences,
  ISO_42001_IDS,
  MAPPING_DATE,
  MAPPING_VERSION,
  mappedNames,
  mappingOf,
  NIST_AI_RMF_IDS,
} from './frameworks/index.ts';
export { checkByName, checkNames, readsEvidence } from './registry.ts';
export {
  type CheckRequest,
  type CheckRun,
  type CheckRunner,
  type CheckRunnerOptions,
  createCheckRunner,
  type Isolation,
  type IsolationKind,
  type Limits,
} from './runner/index.ts';
