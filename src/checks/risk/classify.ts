import type { RiskTier } from '../../domain/index.ts';
import { ANNEX_III, AREA_NAMES, type AreaName, PROHIBITED_PRACTICES, type Practice } from './law.ts';
import type { Questionnaire } from './questionnaire.ts';

/** A step of the classification: the provision and what it led to. */
export interface TierReason {
  readonly provision: string;
  readonly message: string;
}

/** The tier that the answers amount to, and every reason on the way. */
export interface Classification {
  readonly tier: RiskTier;
  readonly reasons: readonly TierReason[];
  /** Whether Art. 6(1) makes it high-risk. */
  readonly byProduct: boolean;
  /** Whether an Annex III area makes it high-risk. */
  readonly byArea: boolean;
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
  return { tier, reasons: reasons.length > 0 ? reasons : [none], byProduct: products.length > 0, byArea };
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
    }));
}

function productReasons({ annex_i: annex }: Questionnaire): TierReason[] {
  if (!annex.product_or_safety_component || !annex.third_party_assessment) return [];
  const sectoral = annex.section === 'B' ? '; sectoral law carries the requirements (Section B)' : '';
  return [
    { provision: 'Art. 6(1), Annex I', message: `product or safety component under ${annex.act}${sectoral}` },
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
  return { granted, reasons: [{ provision: 'Art. 6(3)', message }] };
}

function transparencyReasons({ transparency }: Questionnaire): TierReason[] {
  const duties: readonly (readonly [boolean, string, string])[] = [
    [transparency.interacts_with_people, 'Art. 50(1)', 'interacts with people'],
    [transparency.generates_synthetic_content, 'Art. 50(2)', 'generates synthetic content'],
    [
      transparency.emotion_or_biometric_categorisation,
      'Art. 50(3)',
      'recognises emotions or categorises by biometrics',
    ],
    [transparency.deep_fakes, 'Art. 50(4)', 'makes deep fakes'],
  ];
  return duties.filter(([applies]) => applies).map(([, provision, message]) => ({ provision, message }));
}
