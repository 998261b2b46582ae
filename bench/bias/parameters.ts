import type { CheckName } from './by-hand.ts';

/** Parameters of a check for the rows of this bench. */
export function parametersOf(check: CheckName) {
  return {
    prediction: 'prediction',
    protected_attributes: ['sex', 'age_band'],
    mode: 'point',
    rationale: 'The thresholds are of no matter to how long it takes.',
    ...(check === 'equalised_odds_within_threshold' ? { label: 'label' } : {}),
  };
}
