import { type Classification, hasSystemicRisk, markingAppliesFrom, tickedPoints } from './classify.ts';
import { CONTROLS, type Condition, type Control } from './controls-table.ts';
import type { Questionnaire } from './questionnaire.ts';
import { TIMETABLE } from './timetable.ts';

/** A control that these answers demand, with the day from which the law does. */
export interface RequiredControl {
  readonly control: Control;
  readonly appliesFrom: string;
  /** Whether that day, or whether the duty binds at all, is disputed. */
  readonly uncertain: boolean;
}

/** The controls that a classification and its answers demand, each with its day. */
export function requiredControls(
  answers: Questionnaire,
  classification: Classification,
): readonly RequiredControl[] {
  const conditions = conditionsOf(answers, classification);
  return CONTROLS.filter(({ when }) => conditions.has(when)).map((control) => ({
    control,
    ...dated(control, answers, classification),
  }));
}

/** The day from which a control is owed, by what the system is and since when it is on the market. */
function dated(
  { appliesFrom, uncertain: disputed }: Control,
  answers: Questionnaire,
  { byArea }: Classification,
): Pick<RequiredControl, 'appliesFrom' | 'uncertain'> {
  const uncertain = disputed === true;
  if (appliesFrom === 'marking') return { appliesFrom: markingAppliesFrom(answers), uncertain };
  if (appliesFrom !== 'high_risk_sections') return { appliesFrom, uncertain };
  const sections = byArea ? TIMETABLE.annex_iii : TIMETABLE.annex_i;
  const { placed_on_market: since, deployer } = answers;
  const earlier = since !== undefined && since < sections && deployer?.public_body_or_service === true;
  // Later only while the design does not change significantly, which nobody but a person can tell of a new version.
  return earlier
    ? { appliesFrom: TIMETABLE.earlier_public_systems, uncertain: true }
    : { appliesFrom: sections, uncertain };
}

function conditionsOf(
  answers: Questionnaire,
  { tier, exempted, sectoral }: Classification,
): ReadonlySet<Condition> {
  const { role, transparency, general_purpose: general } = answers;
  // Of Section B products the requirements are not those of this law (Art. 2(2)).
  const high = tier === 'high_risk' && !sectoral;
  const deploys = high && role !== 'provider';
  const all: Readonly<Record<Condition, boolean>> = {
    any: true,
    sectoral: tier === 'high_risk' && sectoral,
    exempted,
    special_categories: answers.people.special_categories_for_bias === true,
    high_risk_provider: high && role !== 'deployer',
    high_risk_deployer: deploys,
    fundamental_rights: deploys && owesImpactAssessment(answers),
    interacts: transparency.interacts_with_people,
    synthetic_content: transparency.generates_synthetic_content,
    emotion_or_biometric: transparency.emotion_or_biometric_categorisation,
    deep_fakes: transparency.deep_fakes,
    general_purpose: general.is_general_purpose_model,
    general_purpose_outside_union: general.is_general_purpose_model && general.provider_outside_union,
    systemic_risk: hasSystemicRisk(answers),
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
