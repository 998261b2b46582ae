export {
  BUILT_IN_CHECKS,
  type CatalogueEntry,
  type CheckCatalogue,
  checkVersions,
  createCatalogue,
} from './catalogue.ts';
export {
  type Check,
  type CheckArtifact,
  type CheckDescription,
  type CheckFile,
  type CheckInput,
  type EvidenceUse,
  MOST_MEMBERS,
  readsEvidence,
} from './contract.ts';
export {
  effectiveParameters,
  type ParameterProblem,
  parameterProblems,
  type StageOfChecks,
} from './effective-parameters.ts';

export { readPinned } from './external/pinned-file.ts';
export { type ScriptProblem, scriptProblems } from './external/problems.ts';
export {
  defineScript,
  type Script,
  type ScriptCheck,
  type ScriptDefinition,
} from './external/script-check.ts';
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
export {
  type AuditWish,
  auditChecks,
  type CaseProblem,
  type KnownCase,
  type KnownCases,
  loadKnownCases,
  SHIPPED_CASES,
} from './known/index.ts';
export { checkByName, checkNames } from './registry.ts';
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
