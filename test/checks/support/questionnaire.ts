import { MODEL } from './workspace.ts';

const excluded = { applies: false, reason: 'The system is not used for anything in this area.' };

/** Answers without any high-risk area: a fraud score, minimal risk. */
export const MINIMAL = {
  format: 'countersign-risk-questionnaire/v1',
  model: { id: MODEL.modelId, version: MODEL.modelVersion },
  assessment: { assessor: 'M. Keller, Head of Compliance', date: '2026-11-02', version: '3' },
  role: 'provider',
  intended_purpose: 'Scores card transactions for fraud so that analysts review the riskiest first.',
  declared_tier: 'minimal_risk',
  people: { natural_persons_affected: true, personal_data: true, score_per_person: true, profiling: true },
  decision_influence: 'material',
  prohibited_practices: {
    manipulation: false,
    exploiting_vulnerability: false,
    social_scoring: false,
    crime_prediction_from_profiling: false,
    untargeted_face_scraping: false,
    emotion_inference_at_work_or_school: false,
    sensitive_biometric_categorisation: false,
    real_time_remote_biometric_identification: false,
    non_consensual_intimate_content: false,
    child_sexual_abuse_material: false,
  },
  annex_i: { product_or_safety_component: false, third_party_assessment: false },
  annex_iii: {
    biometrics: excluded,
    critical_infrastructure: excluded,
    education: excluded,
    employment: excluded,
    essential_services: excluded as object,
    law_enforcement: excluded,
    migration: excluded,
    justice: excluded,
  },
  article_6_3: { claimed: false } as object,
  transparency: {
    interacts_with_people: false,
    generates_synthetic_content: false,
    deep_fakes: false,
    emotion_or_biometric_categorisation: false,
  },
  general_purpose: { is_general_purpose_model: false } as object,
};

export const CREDIT = {
  applies: true,
  points: ['creditworthiness'],
  reason: 'The score also sets the credit line, which evaluates creditworthiness.',
};

/** The same system whose score also sets credit lines: Annex III, 5(b). */
export const HIGH_RISK = {
  ...MINIMAL,
  intended_purpose:
    'Scores card transactions for fraud; the same score sets the credit line a customer is offered.',
  declared_tier: 'high_risk',
  annex_iii: { ...MINIMAL.annex_iii, essential_services: CREDIT },
};
