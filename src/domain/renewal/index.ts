export {
  changedInputs,
  type EvidenceAge,
  mayReport,
  objectionsToRenewal,
  type RenewalCase,
  type ReportedInputs,
} from './objections.ts';
