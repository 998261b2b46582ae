import type { CheckProblem } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import { problem, quoted } from '../report.ts';
import { ANNEX_I, namedActs, sectionOf } from './annex-i.ts';
import { tickedAreas } from './classify.ts';
import { dayOf } from './fields.ts';
import { GENERAL_PURPOSE_FLOP } from './law.ts';
import type { Questionnaire } from './questionnaire.ts';
import { RISK_QUESTIONNAIRE } from './read.ts';

type Subject = Pick<CheckInput<unknown>, 'modelId' | 'modelVersion' | 'now'>;

/** One rule: answers that cannot stand together. */
interface Rule {
  readonly where: string;
  readonly message: string;
  readonly remedy: string;
  readonly broken: (answers: Questionnaire) => boolean;
}

const RULES: readonly Rule[] = [
  {
    where: 'people.profiling',
    message:
      'personal data and a score per person in an Annex III area, yet profiling is answered no without a justification',
    remedy: 'answer profiling: true, or add people.profiling_justification',
    broken: (answers) =>
      tickedAreas(answers).length > 0 &&
      answers.people.personal_data &&
      answers.people.score_per_person &&
      !answers.people.profiling &&
      answers.people.profiling_justification === undefined,
  },
  {
    where: 'people.natural_persons_affected',
    message:
      'no natural persons affected, yet personal data, a score per person or profiling is answered yes',
    remedy: 'answer natural_persons_affected: true',
    broken: ({ people }) =>
      !people.natural_persons_affected &&
      (people.personal_data || people.score_per_person || people.profiling),
  },
  {
    where: 'people.profiling',
    message: 'profiling is processing of personal data, which is answered no',
    remedy: 'answer personal_data: true',
    broken: ({ people }) => people.profiling && !people.personal_data,
  },
  {
    where: 'annex_i.third_party_assessment',
    message: 'third-party assessment of a product, yet it is no product or safety component under Annex I',
    remedy: 'answer product_or_safety_component: true',
    broken: ({ annex_i }) => annex_i.third_party_assessment && !annex_i.product_or_safety_component,
  },
  {
    where: 'article_6_3.claimed',
    message: 'an exemption from Annex III is claimed, yet no area of Annex III applies',
    remedy: 'tick the area that would apply, or do not claim the exemption',
    broken: (answers) => answers.article_6_3.claimed && tickedAreas(answers).length === 0,
  },
  {
    where: 'general_purpose.training_compute_flop',
    message:
      'a general-purpose model, yet its training compute is not stated, which decides on systemic risk',
    remedy: 'add general_purpose.training_compute_flop',
    broken: ({ general_purpose: gp }) =>
      gp.is_general_purpose_model && gp.training_compute_flop === undefined,
  },
  {
    where: 'annex_iii.biometrics',
    message:
      'recognises emotions or categorises by biometrics, yet Annex III, 1 (biometrics) is said not to apply',
    remedy:
      'set annex_iii.biometrics.applies to true, or, where neither emotions nor protected attributes are inferred, answer transparency.neither_emotions_nor_protected_attributes: true',
    broken: ({ transparency, annex_iii }) =>
      transparency.emotion_or_biometric_categorisation &&
      transparency.neither_emotions_nor_protected_attributes !== true &&
      !annex_iii.biometrics.applies,
  },
  {
    where: 'transparency.deep_fakes',
    message: 'makes deep fakes, yet generates no synthetic content',
    remedy: 'answer generates_synthetic_content: true',
    broken: ({ transparency }) => transparency.deep_fakes && !transparency.generates_synthetic_content,
  },
  {
    where: 'general_purpose.is_general_purpose_model',
    message: `trained with at least ${GENERAL_PURPOSE_FLOP} FLOP, yet not general-purpose and no justification is given`,
    remedy: 'answer is_general_purpose_model: true, or add general_purpose.justification',
    broken: ({ general_purpose: gp }) =>
      !gp.is_general_purpose_model &&
      (gp.training_compute_flop ?? 0) >= GENERAL_PURPOSE_FLOP &&
      gp.justification === undefined,
  },
];

/** Answers that contradict each other, the submission, or the time. */
export function contradictions(answers: Questionnaire, subject: Subject): CheckProblem[] {
  const broken = RULES.filter((rule) => rule.broken(answers)).map(({ where, message, remedy }) =>
    problem(`${RISK_QUESTIONNAIRE}: ${where}`, message, remedy),
  );
  return [...subjectContradictions(answers, subject), ...sectionContradictions(answers), ...broken];
}

/** The section that is answered against the one that the named act is in. */
function sectionContradictions({ annex_i: { act = '', section } }: Questionnaire): CheckProblem[] {
  const wanted = sectionOf(act);
  if (wanted === undefined || section === undefined || section === wanted) return [];
  const named = namedActs(act).find((each) => each.section === wanted);
  const since = named?.title === 'machinery' ? ' since Regulation (EU) 2026/1744' : '';
  return [
    problem(
      `${RISK_QUESTIONNAIRE}: annex_i.section`,
      `${named?.number} (${named?.title}) is in Section ${wanted} of Annex I${since}, yet Section ${section} is answered`,
      `answer section: ${wanted}`,
    ),
  ];
}

/** A product under an act that Annex I is not known to list: what it owes cannot be said. */
export function unknownAct({ annex_i: annex }: Questionnaire): CheckProblem[] {
  const { product_or_safety_component: product, act = '' } = annex;
  if (!product || sectionOf(act) !== undefined) return [];
  return [
    problem(
      `${RISK_QUESTIONNAIRE}: annex_i.act`,
      `${quoted(act)} names no act of Annex I that we know, so its section is unknown`,
      `name the act by its number, one of ${ANNEX_I.map(({ number, title }) => `${number} (${title})`).join(', ')}`,
    ),
  ];
}

function subjectContradictions({ model, assessment }: Questionnaire, subject: Subject): CheckProblem[] {
  const wanted = `${subject.modelId}@${subject.modelVersion}`;
  const named = `${model.id}@${model.version}`;
  const wrongModel = problem(
    `${RISK_QUESTIONNAIRE}: model`,
    `is about ${named}, not ${wanted}`,
    'answer it for this model version',
  );
  const future = problem(
    `${RISK_QUESTIONNAIRE}: assessment.date`,
    `${assessment.date} is in the future`,
    'state the day of the assessment',
  );
  return [
    ...(named === wanted ? [] : [wrongModel]),
    ...(assessment.date > dayOf(subject.now) ? [future] : []),
  ];
}
