import { TIMETABLE } from './timetable.ts';

/** Facts on which controls depend. */
export type Condition =
  | 'any'
  | 'high_risk_provider'
  | 'high_risk_deployer'
  | 'fundamental_rights'
  | 'sectoral'
  | 'exempted'
  | 'special_categories'
  | 'interacts'
  | 'synthetic_content'
  | 'emotion_or_biometric'
  | 'deep_fakes'
  | 'general_purpose'
  | 'general_purpose_outside_union'
  | 'systemic_risk';

/**
 * From when an obligation applies: a day; by kind of high-risk system, as Chapter III Sections 1 to 3 are deferred; or
 * by when the generator came on the market, as marking is.
 */
export type AppliesFrom = string | 'high_risk_sections' | 'marking';

/** A control that a tier demands, and what counts as evidence of it. */
export interface Control {
  readonly id: string;
  readonly article: string;
  readonly title: string;
  readonly when: Condition;
  readonly appliesFrom: AppliesFrom;
  /** Set where the day is disputed. */
  readonly uncertain?: true;
  /** The document must name the model id and version. */
  readonly namesModel?: true;
  /** Sets of checks each of which, passed in this run, counts instead of a document. */
  readonly checks?: readonly (readonly string[])[];
  /** Headings that the document must have. */
  readonly headings?: readonly string[];
}

/** The nine headings of Annex IV, by their leading words. */
export const ANNEX_IV_HEADINGS = [
  'General description',
  'Elements and development process',
  'Monitoring, functioning and control',
  'Performance metrics',
  'Risk management system',
  'Changes through the lifecycle',
  'Harmonised standards',
  'EU declaration of conformity',
  'Post-market monitoring',
] as const;

const FAIRNESS = ['demographic_parity_within_threshold', 'equalised_odds_within_threshold'];
const PROVENANCE = ['training_data_sources_documented', 'pii_handling_verified', 'consent_basis_documented'];
const INSTRUCTIONS = ['intended_use_defined', 'failure_modes_documented', 'performance_metrics_populated'];
const ROBUSTNESS = ['performance_metrics_populated', 'security_properties_documented'];

const PROVIDER = { when: 'high_risk_provider', appliesFrom: 'high_risk_sections' } as const;
/** Outside the deferred sections, yet about what they define: whether they bind before those do is disputed. */
const DISPUTED = { when: 'high_risk_provider', appliesFrom: TIMETABLE.general, uncertain: true } as const;
const DEPLOYER = { when: 'high_risk_deployer', appliesFrom: 'high_risk_sections' } as const;
const TRANSPARENCY = { appliesFrom: TIMETABLE.general } as const;
const GENERAL_PURPOSE = { when: 'general_purpose', appliesFrom: TIMETABLE.general_purpose } as const;
const SYSTEMIC = { when: 'systemic_risk', appliesFrom: TIMETABLE.general_purpose } as const;

type Extra = Pick<Control, 'namesModel' | 'checks' | 'headings'>;

function control(
  id: string,
  article: string,
  title: string,
  base: Pick<Control, 'when' | 'appliesFrom' | 'uncertain'>,
  extra: Extra = {},
): Control {
  return { id, article, title, ...base, ...extra };
}

/** Every control, dated; the status of the table is `LAW_VERSION`. */
export const CONTROLS: readonly Control[] = [
  control('risk_management', 'Art. 9', 'risk management system', PROVIDER, { namesModel: true }),
  control('data_governance', 'Art. 10', 'data and data governance', PROVIDER, {
    checks: [FAIRNESS, PROVENANCE],
  }),
  control('technical_documentation', 'Art. 11, Annex IV', 'technical documentation', PROVIDER, {
    namesModel: true,
    headings: ANNEX_IV_HEADINGS,
  }),
  control('automatic_logging', 'Art. 12', 'automatic recording of events', PROVIDER),
  control('instructions_for_use', 'Art. 13', 'instructions for use with declared accuracy', PROVIDER, {
    namesModel: true,
    checks: [INSTRUCTIONS],
  }),
  control('human_oversight', 'Art. 14', 'human oversight, a way to stop it included', PROVIDER, {
    namesModel: true,
  }),
  control(
    'accuracy_robustness_cybersecurity',
    'Art. 15',
    'accuracy, robustness and cybersecurity',
    PROVIDER,
    { checks: [ROBUSTNESS] },
  ),
  control('quality_management', 'Art. 17', 'quality management system', PROVIDER),
  control('document_retention', 'Art. 18', 'documents kept for ten years', PROVIDER),
  control('log_retention', 'Art. 19', 'logs kept for at least six months', PROVIDER),
  control('corrective_action', 'Art. 20', 'corrective action and duty to inform', PROVIDER),
  control('conformity_assessment', 'Art. 43', 'conformity assessment', DISPUTED, { namesModel: true }),
  control('declaration_of_conformity', 'Art. 47', 'EU declaration of conformity', DISPUTED, {
    namesModel: true,
  }),
  control('ce_marking', 'Art. 48', 'CE marking', DISPUTED),
  control('registration', 'Art. 49', 'registration in the EU database', DISPUTED),
  control('post_market_monitoring', 'Art. 72', 'post-market monitoring plan', DISPUTED),
  control(
    'incident_reporting',
    'Art. 73',
    'procedure for serious incidents: 15 days; 10 for a death; 2 where widespread',
    DISPUTED,
  ),
  control('deployer_use_per_instructions', 'Art. 26(1)', 'use according to the instructions', DEPLOYER),
  control('deployer_human_oversight', 'Art. 26(2)', 'oversight by competent persons', DEPLOYER),
  control('deployer_input_data', 'Art. 26(4)', 'relevant and representative input data', DEPLOYER),
  control('deployer_monitoring', 'Art. 26(5)', 'monitoring of operation', DEPLOYER),
  control('deployer_log_retention', 'Art. 26(6)', 'logs kept for at least six months', DEPLOYER),
  control(
    'deployer_information_of_persons',
    'Art. 26(7), 26(11)',
    'workers and affected persons informed',
    DEPLOYER,
  ),
  control('deployer_explanation', 'Art. 86', 'explanation of individual decisions', {
    when: 'high_risk_deployer',
    appliesFrom: TIMETABLE.general,
    uncertain: true,
  }),
  control(
    'fundamental_rights_impact_assessment',
    'Art. 27',
    'fundamental rights impact assessment',
    { when: 'fundamental_rights', appliesFrom: 'high_risk_sections' },
    { namesModel: true },
  ),
  control(
    'sectoral_conformity',
    'Art. 2(2), Annex I Section B',
    'requirements of the sectoral law of the product',
    { when: 'sectoral', appliesFrom: TIMETABLE.annex_i },
    { namesModel: true },
  ),
  control(
    'annex_iii_exemption_assessment',
    'Art. 6(4)',
    'documented assessment that the Annex III area does not make it high-risk',
    { when: 'exempted', appliesFrom: TIMETABLE.annex_iii },
    { namesModel: true },
  ),
  control('annex_iii_exemption_registration', 'Art. 49(2)', 'registration of the exempted system', {
    when: 'exempted',
    appliesFrom: TIMETABLE.general,
    uncertain: true,
  }),
  control(
    'special_category_bias_processing',
    'Art. 4a',
    'the six conditions for special categories of data in bias work, deletion included',
    { when: 'special_categories', appliesFrom: TIMETABLE.special_categories, uncertain: true },
    { namesModel: true },
  ),
  control('transparency_interaction', 'Art. 50(1)', 'people know that they deal with an AI system', {
    when: 'interacts',
    ...TRANSPARENCY,
  }),
  control('transparency_synthetic_content', 'Art. 50(2)', 'synthetic content is marked', {
    when: 'synthetic_content',
    appliesFrom: 'marking',
  }),
  control('transparency_emotion_biometric', 'Art. 50(3)', 'exposed persons are informed', {
    when: 'emotion_or_biometric',
    ...TRANSPARENCY,
  }),
  control('transparency_deep_fakes', 'Art. 50(4)', 'deep fakes are disclosed', {
    when: 'deep_fakes',
    ...TRANSPARENCY,
  }),
  control(
    'gpai_technical_documentation',
    'Art. 53(1)(a), Annex XI',
    'technical documentation of the general-purpose model',
    GENERAL_PURPOSE,
    { namesModel: true },
  ),
  control(
    'gpai_downstream_documentation',
    'Art. 53(1)(b), Annex XII',
    'documentation for downstream providers',
    GENERAL_PURPOSE,
  ),
  control('gpai_copyright_policy', 'Art. 53(1)(c)', 'copyright policy', GENERAL_PURPOSE),
  control('gpai_training_content_summary', 'Art. 53(1)(d)', 'summary of training content', GENERAL_PURPOSE),
  control('gpai_authorised_representative', 'Art. 54', 'authorised representative in the Union', {
    when: 'general_purpose_outside_union',
    appliesFrom: TIMETABLE.general_purpose,
  }),
  control('gpai_model_evaluation', 'Art. 55(1)(a)', 'model evaluation with adversarial testing', SYSTEMIC),
  control(
    'gpai_systemic_risk_mitigation',
    'Art. 55(1)(b)',
    'systemic risks assessed and mitigated',
    SYSTEMIC,
  ),
  control('gpai_incident_reporting', 'Art. 55(1)(c)', 'serious incidents reported', SYSTEMIC),
  control('gpai_cybersecurity', 'Art. 55(1)(d)', 'cybersecurity of model and infrastructure', SYSTEMIC),
  control('ai_literacy', 'Art. 4', 'AI literacy of staff', {
    when: 'any',
    appliesFrom: TIMETABLE.literacy_and_prohibitions,
  }),
];
