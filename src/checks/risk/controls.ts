import { type Classification, tickedPoints } from './classify.ts';
import { CONTROLS, type Condition, type Control } from './controls-table.ts';
import { SYSTEMIC_RISK_FLOP } from './law.ts';
import type { Questionnaire } from './questionnaire.ts';

/** Chapter III Sections 1 to 3, by what makes the system high-risk (Regulation (EU) 2026/1744). */
const HIGH_RISK_SECTIONS = { annex_iii: '2027-12-02', annex_i: '2028-08-02' } as const;

/** A control that these answers demand, with the day from which the law does. */
export interface RequiredControl {
  readonly control: Control;
  readonly appliesFrom: string;
}

/** The controls that a classification and its answers demand, each with its day. */
export function requiredControls(
  answers: Questionnaire,
  classification: Classification,
): readonly RequiredControl[] {
  const conditions = conditionsOf(answers, classification);
  const sections = classification.byArea ? HIGH_RISK_SECTIONS.annex_iii : HIGH_RISK_SECTIONS.annex_i;
  return CONTROLS.filter(({ when }) => conditions.has(when)).map((control) => ({
    control,
    appliesFrom: control.appliesFrom === 'high_risk_sections' ? sections : control.appliesFrom,
  }));
}

function conditionsOf(answers: Questionnaire, { tier }: Classification): ReadonlySet<Condition> {
  const { role, transparency, general_purpose: general } = answers;
  const high = tier === 'high_risk';
  const deploys = high && role !== 'provider';
  const all: Readonly<Record<Condition, boolean>> = {
    any: true,
    high_risk_provider: high && role !== 'deployer',
    high_risk_deployer: deploys,
    fundamental_rights: deploys && owesImpactAssessment(answers),
    interacts: transparency.interacts_with_people,
    synthetic_content: transparency.generates_synthetic_content,
    emotion_or_biometric: transparency.emotion_or_biometric_categorisation,
    deep_fakes: transparency.deep_fakes,
    general_purpose: general.is_general_purpose_model,
    general_purpose_outside_union: general.is_general_purpose_model && general.provider_outside_union,
    systemic_risk:
      general.is_general_purpose_model && (general.training_compute_flop ?? 0) > SYSTEMIC_RISK_FLOP,
  };
  return new Set((Object.keys(all) as Condition[]).filter((condition) => all[condition]));
}

/** Art. 27(1): public bodies and providers of public services; credit 5(b), insurance 5(c). */
function owesImpactAssessment(answers: Questionnaire): boolean {
  const points = tickedPoints(answers, 'essential_services');
  return (
    answers.deployer?.public_body_or_service === true ||
    points.includes('creditworthiness') ||
    points.includes('life_or_health_insurance')
  );
}
