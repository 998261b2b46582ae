import { demographicParityWithinThreshold } from './bias-and-fairness/demographic-parity-within-threshold.ts';
import { disparateImpactRatioAboveMinimum } from './bias-and-fairness/disparate-impact-ratio-above-minimum.ts';
import { equalisedOddsWithinThreshold } from './bias-and-fairness/equalised-odds-within-threshold.ts';
import type { Check } from './contract.ts';
import { consentBasisDocumented } from './data-provenance/consent-basis-documented.ts';
import { dataRetentionPolicyCompliant } from './data-provenance/data-retention-policy-compliant.ts';
import { piiHandlingVerified } from './data-provenance/pii-handling-verified.ts';
import { trainingDataSourcesDocumented } from './data-provenance/training-data-sources-documented.ts';
import { failureModesDocumented } from './model-card/failure-modes-documented.ts';
import { intendedUseDefined } from './model-card/intended-use-defined.ts';
import { modelCardSchemaValid } from './model-card/model-card-schema-valid.ts';
import { performanceMetricsPopulated } from './model-card/performance-metrics-populated.ts';
import { securityPropertiesDocumented } from './model-card/security-properties-documented.ts';
import { requiredControlsForTierPresent } from './risk-classification/required-controls-for-tier-present.ts';
import { riskTierAssigned } from './risk-classification/risk-tier-assigned.ts';
import { adversarialPerturbationTestPassed } from './safety-evaluation/adversarial-perturbation-test-passed.ts';
import { edgeCaseInputsHandled } from './safety-evaluation/edge-case-inputs-handled.ts';
import { outputBoundaryVerified } from './safety-evaluation/output-boundary-verified.ts';
import { inferenceEndpointTlsConfigured } from './security-review/inference-endpoint-tls-configured.ts';
import { inputValidationConfigured } from './security-review/input-validation-configured.ts';
import { modelArtifactSigned } from './security-review/model-artifact-signed.ts';
import { rateLimitingConfigured } from './security-review/rate-limiting-configured.ts';

/** Every built-in check. Adding one is its file, its line here and its test. */
const CHECKS: readonly Check[] = [
  trainingDataSourcesDocumented,
  piiHandlingVerified,
  consentBasisDocumented,
  dataRetentionPolicyCompliant,
  modelCardSchemaValid,
  performanceMetricsPopulated,
  failureModesDocumented,
  securityPropertiesDocumented,
  intendedUseDefined,
  demographicParityWithinThreshold,
  equalisedOddsWithinThreshold,
  disparateImpactRatioAboveMinimum,
  adversarialPerturbationTestPassed,
  edgeCaseInputsHandled,
  outputBoundaryVerified,
  modelArtifactSigned,
  inferenceEndpointTlsConfigured,
  inputValidationConfigured,
  rateLimitingConfigured,
  riskTierAssigned,
  requiredControlsForTierPresent,
];

const BY_NAME: ReadonlyMap<string, Check> = new Map(CHECKS.map((check) => [check.name, check]));

/** The built-in check of that name, if there is one. */
export function checkByName(name: string): Check | undefined {
  return BY_NAME.get(name);
}

/** The names of all built-in checks, in the order of the reference pipeline. */
export function checkNames(): readonly string[] {
  return [...BY_NAME.keys()];
}
