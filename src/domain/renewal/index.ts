export {
  changedInputs,
  type EvidenceAge,
  mayReport,
  objectionsToRenewal,
  type RenewalCase,
  type ReportedInputs,
  sourceOf,
  sourceReporter,
} from './objections.ts';
