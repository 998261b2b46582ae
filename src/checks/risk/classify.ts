import type { RiskTier } from '../../domain/index.ts';
import { sectionOf } from './annex-i.ts';
import {
  ANNEX_III,
  AREA_NAMES,
  type AreaName,
  NEW_PRACTICES,
  PROHIBITED_PRACTICES,
  type Practice,
  SYSTEMIC_RISK_FLOP,
} from './law.ts';
import type { Questionnaire } from './questionnaire.ts';
import { TIMETABLE } from './timetable.ts';

/** A step of the classification: the provision and what it led to. */
export interface TierReason {
  readonly provision: string;
  readonly message: string;
  /** The day from which the provision applies; absent where there is none to apply. */
  readonly appliesFrom?: string;
}

/** The tier that the answers amount to, and every reason on the way. */
export interface Classification {
  readonly tier: RiskTier;
  readonly reasons: readonly TierReason[];
  /** Whether Art. 6(1) makes it high-risk. */
  readonly byProduct: boolean;
  /** Whether an Annex III area makes it high-risk. */
  readonly byArea: boolean;
  /** Whether Art. 6(3) takes it out of its Annex III area. */
  readonly exempted: boolean;
  /** Whether it is high-risk by a product of Annex I Section B alone, whose requirements sectoral law carries. */
  readonly sectoral: boolean;
  /** What applies beside the tier: duties for general-purpose models. */
  readonly beside: readonly TierReason[];
}

/** Computes the risk tier: Art. 5, then 6(1), then 6(2) with Annex III and 6(3), then 50, else minimal. */
export function classify(answers: Questionnaire): Classification {
  const practices = practicesOf(answers);
  const products = productReasons(answers);
  const areas = areaReasons(answers);
  const exemption = exemptionOf(answers, areas.length > 0);
  const byArea = areas.length > 0 && !exemption.granted;
  const transparency = transparencyReasons(answers);
  const tier = tierOf(practices.length > 0, products.length > 0 || byArea, transparency.length > 0);
  const reasons = [...practices, ...products, ...areas, ...exemption.reasons, ...transparency];
  const none = {
    provision: 'Art. 6, Art. 50',
    message: 'no prohibited practice, no high-risk area, no transparency duty',
  };
  return {
    tier,
    reasons: reasons.length > 0 ? reasons : [none],
    byProduct: products.length > 0,
    byArea,
    exempted: exemption.granted,
    sectoral: products.length > 0 && !byArea && isSectoral(answers),
    beside: generalPurposeReasons(answers),
  };
}

function tierOf(prohibited: boolean, high: boolean, limited: boolean): RiskTier {
  if (prohibited) return 'prohibited';
  if (high) return 'high_risk';
  return limited ? 'limited_risk' : 'minimal_risk';
}

function practicesOf(answers: Questionnaire): TierReason[] {
  return (Object.keys(PROHIBITED_PRACTICES) as Practice[])
    .filter((practice) => answers.prohibited_practices[practice])
    .map((practice) => ({
      provision: PROHIBITED_PRACTICES[practice],
      message: `prohibited practice: ${practice}`,
      appliesFrom: NEW_PRACTICES.has(practice)
        ? TIMETABLE.new_prohibitions
        : TIMETABLE.literacy_and_prohibitions,
    }));
}

/** By the act that is named, not by the section that is answered: it decides on sixteen controls. */
function isSectoral({ annex_i: annex }: Questionnaire): boolean {
  return sectionOf(annex.act ?? '') === 'B';
}

function productReasons(answers: Questionnaire): TierReason[] {
  const { annex_i: annex } = answers;
  if (!annex.product_or_safety_component || !annex.third_party_assessment) return [];
  const sectoral = isSectoral(answers) ? '; sectoral law carries the requirements (Section B)' : '';
  return [
    {
      provision: 'Art. 6(1), Annex I',
      message: `product or safety component under ${annex.act}${sectoral}`,
      appliesFrom: TIMETABLE.annex_i,
    },
  ];
}

/** The Annex III areas that were ticked. */
export function tickedAreas(answers: Questionnaire): readonly AreaName[] {
  return AREA_NAMES.filter((name) => answers.annex_iii[name].applies);
}

/** The points ticked in an area. */
export function tickedPoints(answers: Questionnaire, name: AreaName): readonly string[] {
  const answer = answers.annex_iii[name];
  return answer.applies ? answer.points : [];
}

function areaReasons(answers: Questionnaire): TierReason[] {
  return tickedAreas(answers).map((name) => ({
    provision: `Annex III, ${ANNEX_III[name].number}`,
    message: `${ANNEX_III[name].title}: ${tickedPoints(answers, name).join(', ')}`,
    appliesFrom: TIMETABLE.annex_iii,
  }));
}

function exemptionOf(answers: Questionnaire, inArea: boolean): { granted: boolean; reasons: TierReason[] } {
  if (!answers.article_6_3.claimed || !inArea) return { granted: false, reasons: [] };
  const obstacles = [
    ...(answers.people.profiling ? ['it profiles natural persons, which is always high-risk'] : []),
    ...(answers.decision_influence === 'none' ? [] : ['its output materially influences decisions']),
  ];
  const granted = obstacles.length === 0;
  const message = granted
    ? `exempt: ${answers.article_6_3.condition}, assessed in ${answers.article_6_3.assessment_document}`
    : `the exemption does not hold: ${obstacles.join(' and ')}`;
  return { granted, reasons: [{ provision: 'Art. 6(3)', message, appliesFrom: TIMETABLE.annex_iii }] };
}

function transparencyReasons(answers: Questionnaire): TierReason[] {
  const { transparency } = answers;
  const duties: readonly (readonly [boolean, string, string, string])[] = [
    [transparency.interacts_with_people, 'Art. 50(1)', 'interacts with people', TIMETABLE.general],
    [
      transparency.generates_synthetic_content,
      'Art. 50(2)',
      'generates synthetic content',
      markingAppliesFrom(answers),
    ],
    [
      transparency.emotion_or_biometric_categorisation,
      'Art. 50(3)',
      'recognises emotions or categorises by biometrics',
      TIMETABLE.general,
    ],
    [transparency.deep_fakes, 'Art. 50(4)', 'makes deep fakes', TIMETABLE.general],
  ];
  return duties
    .filter(([applies]) => applies)
    .map(([, provision, message, appliesFrom]) => ({ provision, message, appliesFrom }));
}

/** The day from which synthetic content has to be marked: later for generators that were on the market before. */
export function markingAppliesFrom({ placed_on_market: since }: Questionnaire): string {
  const earlier = since !== undefined && since < TIMETABLE.general;
  return earlier ? TIMETABLE.marking_of_earlier_generators : TIMETABLE.general;
}

/** Whether systemic risk is presumed of a general-purpose model (Art. 51(2)). */
export function hasSystemicRisk({ general_purpose: general }: Questionnaire): boolean {
  return general.is_general_purpose_model && (general.training_compute_flop ?? 0) > SYSTEMIC_RISK_FLOP;
}

function generalPurposeReasons(answers: Questionnaire): TierReason[] {
  if (!answers.general_purpose.is_general_purpose_model) return [];
  const appliesFrom = TIMETABLE.general_purpose;
  const systemic = {
    provision: 'Art. 51(2), 55',
    message: `systemic risk is presumed above ${SYSTEMIC_RISK_FLOP} FLOP`,
    appliesFrom,
  };
  const general = { provision: 'Art. 53, 54', message: 'general-purpose model', appliesFrom };
  return [general, ...(hasSystemicRisk(answers) ? [systemic] : [])];
}
