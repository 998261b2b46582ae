/** Versions of models that the day is about: one that is governed, the next one, one whose governance ends, one whose is renewed unasked, an unknown one. */
export const FRAUD = 'fraud-detection@4.1.2';
export const NEXT = 'fraud-detection@4.2.0';
export const CHURN = 'churn@1.0.0';
export const LOANS = 'loans@1.0.0';
export const UNKNOWN = 'fraud-detection@9.9.9';

/** What Prometheus has to say of a version that serves and is not governed: by our rule, and by that of the specification. */
export function unrecorded(model: string): string[] {
  const version = model.split('@')[1];
  return [`GovernanceRecordMissing ${version}`, `ModelMissingGovernanceRecord ${version}`];
}

/** And of one of which no stage counts. */
export function unstaged(model: string): string[] {
  const version = model.split('@')[1];
  const stages = ['bias_and_fairness', 'risk_classification'];
  return [
    ...unrecorded(model),
    ...stages.map((stage) => `GovernanceStageMissing ${version} ${stage}`),
    `GovernanceStageSkipped ${version}`,
  ];
}
