/**
 * What of the EU AI Act the questionnaire asks about, as data. Regulation (EU) 2024/1689 as amended by
 * Regulation (EU) 2026/1744; status of this table: 2026-11-25. A reading of the law, not legal advice.
 */
export const LAW_VERSION = '2026-11-25';

/** Practices that Art. 5(1) prohibits, with their letter. */
export const PROHIBITED_PRACTICES = {
  manipulation: 'Art. 5(1)(a)',
  exploiting_vulnerability: 'Art. 5(1)(b)',
  social_scoring: 'Art. 5(1)(c)',
  crime_prediction_from_profiling: 'Art. 5(1)(d)',
  untargeted_face_scraping: 'Art. 5(1)(e)',
  emotion_inference_at_work_or_school: 'Art. 5(1)(f)',
  sensitive_biometric_categorisation: 'Art. 5(1)(g)',
  real_time_remote_biometric_identification: 'Art. 5(1)(h)',
  non_consensual_intimate_content: 'Art. 5(1)(ba)',
  child_sexual_abuse_material: 'Art. 5(1)(bb)',
} as const;
export type Practice = keyof typeof PROHIBITED_PRACTICES;

/** Practices that the amendment of 2026 added; they apply later than the others. */
export const NEW_PRACTICES: ReadonlySet<Practice> = new Set<Practice>([
  'non_consensual_intimate_content',
  'child_sexual_abuse_material',
]);

/** One area of Annex III: its points and the words by which a stated use betrays it. */
export interface Area {
  readonly number: number;
  readonly title: string;
  readonly points: readonly [string, ...string[]];
  /** Matched against stated uses; chosen so that excluded purposes (fraud detection, verification) do not match. */
  readonly words: RegExp;
}

export const AREA_NAMES = [
  'biometrics',
  'critical_infrastructure',
  'education',
  'employment',
  'essential_services',
  'law_enforcement',
  'migration',
  'justice',
] as const;
export type AreaName = (typeof AREA_NAMES)[number];

/** The eight areas of Annex III. */
export const ANNEX_III: Readonly<Record<AreaName, Area>> = {
  biometrics: {
    number: 1,
    title: 'biometrics',
    points: ['remote_identification', 'categorisation', 'emotion_recognition'],
    words:
      /\b(?:remote biometric|biometric (?:identification|categori[sz]ation)|emotion recognition|facial recognition|(?:identif(?:y|ies|ying)|recogni[sz](?:e|es|ing)) (?:people|persons|individuals)(?: \w+){0,4} by (?:their )?faces?|(?:infer|detect|recogni[sz]|classif|predict)(?:s|ies|y|e|es|ing|ying)? (?:the )?emotions?)/i,
  },
  critical_infrastructure: {
    number: 2,
    title: 'critical infrastructure',
    points: ['safety_component'],
    words:
      /\b(?:critical infrastructure|road traffic management|(?:supply|distribution) of (?:water|gas|heating|electricity)|power grid)/i,
  },
  education: {
    number: 3,
    title: 'education and vocational training',
    points: ['admission', 'learning_outcomes', 'education_level', 'exam_monitoring'],
    words:
      /\b(?:(?:school|university|college|student) admissions?|admit(?:ting)? students|grad(?:e|ing) (?:students|essays|exams?)|proctor\w*|exam(?:ination)? monitoring|learning outcomes)/i,
  },
  employment: {
    number: 4,
    title: 'employment and workers',
    points: ['recruitment', 'work_relationship'],
    words:
      /\b(?:recruit(?:ing|ment)|hiring|hire (?:applicants|candidates|people|staff)|job[- ]?(?:applicants?|candidates?|applications?|seekers?)|(?:cv|résumé|resume) (?:screening|ranking|sorting)|(?:sort|score|filter)(?:s|ing)? (?:(?:job )?applicants|candidates|cvs|résumés)|(?:screen|rank)(?:s|ing)? (?:cvs|résumés|resumes|applicants|candidates)|promotion decisions|monitor(?:ing)? (?:of )?(?:workers|employees)|task allocation to workers)/i,
  },
  essential_services: {
    number: 5,
    title: 'essential private and public services',
    points: ['public_benefits', 'creditworthiness', 'life_or_health_insurance', 'emergency_dispatch'],
    words:
      /\b(?:credit[- ]?worthiness|credit (?:scor(?:e|es|ing)|limits?|lines?|decisions?|risk of (?:applicants?|borrowers?|customers?))|(?:loan|lending|mortgage|credit) (?:approvals?|decisions?|applica(?:tions?|nts?)|eligibility|underwriting)|underwriting of (?:\w+ )?(?:loans|credit|mortgages)|(?:kreditw[üu]rdigkeit|bonit[äa]t|solvabilit[ée]|solvencia|merito creditizio)|(?:approve|grant|decline|price)(?:s|ing)? (?:loans|credit|mortgages)|(?:social|public|welfare|unemployment) benefits?|(?:life|health) insurance|emergency (?:dispatch|calls?|triage)|patient triage)/i,
  },
  law_enforcement: {
    number: 6,
    title: 'law enforcement',
    points: ['victim_risk', 'polygraph', 'evidence_reliability', 'offending_risk', 'profiling'],
    words:
      /\b(?:law enforcement|police|policing|recidivism|re-?offending|criminal (?:investigations?|offences?|profil\w+)|polygraph)/i,
  },
  migration: {
    number: 7,
    title: 'migration, asylum and border control',
    points: ['polygraph', 'risk_assessment', 'application_examination', 'identification'],
    words:
      /\b(?:asylum|visa applications?|residence permits?|border (?:control|checks?|management)|migration (?:control|risk))/i,
  },
  justice: {
    number: 8,
    title: 'administration of justice and democratic processes',
    points: ['judicial_decisions', 'elections'],
    words:
      /\b(?:judicial|court (?:decisions?|rulings?)|sentencing|judges? in|elections?|referendums?|voting behaviou?r)/i,
  },
};

/** Column names that speak of natural persons' protected characteristics. */
export const PROTECTED_COLUMN =
  /^(?:sex|gender|race|ethnic(?:ity|_?group|_?origin)?|nationality|citizenship|religion|age|age_?(?:band|group|bucket|range)|date_?of_?birth|birth_?date|dob|disab(?:ility|led)|marital_?status|pregnan(?:t|cy)|sexual_?orientation|skin_?(?:colou?r|tone))$/i;

/** Column names that speak of special categories of personal data (GDPR Art. 9(1)). */
export const SPECIAL_COLUMN =
  /^(?:race|ethnic(?:ity|_?group|_?origin)?|religion|religious_?belief|political_?(?:opinion|party)|trade_?union(?:_?member(?:ship)?)?|disab(?:ility|led)|pregnan(?:t|cy)|health(?:_?(?:status|condition))?|diagnosis|sexual_?orientation|genetic\w*|biometric\w*)$/i;

/** Training compute (FLOP) at which a model is indicatively general-purpose, and above which systemic risk is presumed. */
export const GENERAL_PURPOSE_FLOP = 1e23;
export const SYSTEMIC_RISK_FLOP = 1e25;
