import type { EvidenceUse } from '../contract.ts';
import { PREDICTIONS } from '../predictions/columns.ts';
import { RISK_QUESTIONNAIRE } from '../risk/read.ts';

/** What every fairness check reads. */
export const FAIRNESS_EVIDENCE: readonly EvidenceUse[] = [
  {
    name: PREDICTIONS,
    required: true,
    description: 'evaluated rows with decisions and protected attributes: Parquet, CSV or JSON lines',
  },
  { name: RISK_QUESTIONNAIRE, required: false, description: 'its tier decides the mode by_tier' },
];
