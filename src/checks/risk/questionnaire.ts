import { z } from 'zod';
import { RiskTier } from '../../domain/index.ts';
import { Controls } from './controls-document.ts';
import { Day, ModelReference, prose } from './fields.ts';
import { ANNEX_III, AREA_NAMES, type AreaName, PROHIBITED_PRACTICES, type Practice } from './law.ts';

/** An answer about one Annex III area: which points apply and why, or why none does. */
function areaAnswer(name: AreaName) {
  const reason = prose(10).describe('why the area applies, or why it does not');
  const points = z.array(z.enum(ANNEX_III[name].points)).min(1).describe('points of the area that apply');
  return z.discriminatedUnion(
    'applies',
    [
      z.strictObject({ applies: z.literal(true), points, reason }),
      z.strictObject({ applies: z.literal(false), reason }),
    ],
    { error: 'expected applies: true with points and reason, or applies: false with reason' },
  );
}

const Areas = z.strictObject(
  Object.fromEntries(
    AREA_NAMES.map((name) => [
      name,
      areaAnswer(name).describe(
        `Annex III, ${ANNEX_III[name].number} (${ANNEX_III[name].title}): \`applies: true\` with \`points\` (${ANNEX_III[name].points.join(', ')}) and \`reason\`, or \`applies: false\` with \`reason\``,
      ),
    ]),
  ) as {
    [Name in AreaName]: ReturnType<typeof areaAnswer>;
  },
);

const Practices = z.strictObject(
  Object.fromEntries(
    Object.entries(PROHIBITED_PRACTICES).map(([name, provision]) => [
      name,
      z.boolean().describe(`whether it is done: ${name.replaceAll('_', ' ')} (${provision})`),
    ]),
  ) as {
    [Name in Practice]: z.ZodBoolean;
  },
);

/** A product law of Annex I (Art. 6(1)). */
const AnnexOne = z
  .strictObject({
    product_or_safety_component: z
      .boolean()
      .describe('is, or is a safety component of, a product under Annex I'),
    third_party_assessment: z.boolean().describe('that product needs third-party conformity assessment'),
    act: prose(3)
      .optional()
      .describe('the Union act of Annex I, with its number, such as Regulation (EU) 2017/745'),
    section: z
      .enum(['A', 'B'])
      .optional()
      .describe('section of Annex I that the act is in; computed again by us'),
  })
  .refine(
    (annex) => !annex.product_or_safety_component || (annex.act !== undefined && annex.section !== undefined),
    {
      message: 'act and section are needed when product_or_safety_component is true',
    },
  );

/** The exemption of Art. 6(3) for systems in an Annex III area. */
const Exemption = z
  .strictObject({
    claimed: z.boolean().describe('whether the exemption is claimed'),
    condition: z
      .enum(['narrow_procedural_task', 'improves_human_activity', 'detects_deviations', 'preparatory_task'])
      .optional()
      .describe('the condition of Art. 6(3)(a) to (d) that is met'),
    no_significant_risk: prose(20).optional().describe('why there is no significant risk of harm'),
    assessment_document: prose(3).optional().describe('the assessment that Art. 6(4) asks for'),
    registration: prose(3).optional().describe('the registration that Art. 49(2) asks for'),
  })
  .refine(
    ({ claimed, condition, no_significant_risk, assessment_document, registration }) =>
      !claimed || ![condition, no_significant_risk, assessment_document, registration].includes(undefined),
    {
      message: 'condition, no_significant_risk, assessment_document and registration are needed when claimed',
    },
  );

/** `risk_questionnaire`: the answers from which the risk tier is computed. */
export const Questionnaire = z
  .strictObject({
    format: z.literal('countersign-risk-questionnaire/v1').describe('says what this file is'),
    model: ModelReference,
    assessment: z
      .strictObject({
        assessor: prose(3).describe('name and function of who answered'),
        date: Day.describe('when it was answered'),
        version: z.string().min(1).max(50).describe('which issue of the answers this is'),
      })
      .describe('who answered, and when'),
    role: z.enum(['provider', 'deployer', 'both']).describe('role under Art. 3(3) and 3(4)'),
    placed_on_market: Day.optional().describe(
      'since when the system is on the market or in use, if it already is',
    ),
    intended_purpose: prose(20).describe('Art. 3(12)'),
    declared_tier: RiskTier.describe('the tier the submitter believes in; computed again by us'),
    people: z
      .strictObject({
        natural_persons_affected: z.boolean().describe('whether the output bears on natural persons'),
        personal_data: z.boolean().describe('GDPR Art. 4(1)'),
        score_per_person: z.boolean().describe('gives a score, rank or category of one natural person'),
        profiling: z.boolean().describe('GDPR Art. 4(4)'),
        profiling_justification: prose(20)
          .optional()
          .describe('why a score per person is no profiling, where the answers say so'),
        special_categories_for_bias: z
          .boolean()
          .optional()
          .describe(
            'special categories of personal data (GDPR Art. 9) are processed to find and correct bias (Art. 4a)',
          ),
        special_categories_justification: prose(20)
          .optional()
          .describe(
            'why columns that look like special categories are none, or on what other ground they are processed',
          ),
      })
      .describe('what the system does with people and their data'),
    decision_influence: z
      .enum(['none', 'material', 'determines'])
      .describe('what the output means for decisions'),
    prohibited_practices: Practices.describe('the practices of Art. 5, each answered'),
    annex_i: AnnexOne.describe('products under the acts of Annex I (Art. 6(1))'),
    annex_iii: Areas.describe('the areas of Annex III (Art. 6(2)), each answered'),
    article_6_3: Exemption.describe('the exemption for systems in an area of Annex III'),
    transparency: z
      .strictObject({
        interacts_with_people: z.boolean().describe('people deal with it directly (Art. 50(1))'),
        generates_synthetic_content: z
          .boolean()
          .describe('it makes audio, images, video or text (Art. 50(2))'),
        deep_fakes: z.boolean().describe('what it makes passes for real (Art. 50(4))'),
        emotion_or_biometric_categorisation: z
          .boolean()
          .describe('it recognises emotions or sorts people by biometric data (Art. 50(3))'),
        neither_emotions_nor_protected_attributes: z
          .boolean()
          .optional()
          .describe(
            'it categorises by biometrics, but infers neither emotions nor sensitive or protected attributes, so Annex III, 1(b) and (c) leave it out',
          ),
      })
      .describe('the cases of Art. 50, each answered'),
    general_purpose: z
      .strictObject({
        is_general_purpose_model: z.boolean().describe('Art. 3(63)'),
        training_compute_flop: z
          .number()
          .nonnegative()
          .optional()
          .describe('computation spent on training, in floating-point operations (Art. 51(2))'),
        justification: prose(20).optional().describe('why it is one of no systemic risk, or none at all'),
        provider_outside_union: z
          .boolean()
          .default(false)
          .describe('whether the provider is established outside the Union (Art. 54)'),
      })
      .describe('whether it is a general-purpose model (Chapter V)'),
    deployer: z
      .strictObject({
        public_body_or_service: z
          .boolean()
          .describe('whether the deployer is a public body or gives public services (Art. 27)'),
      })
      .optional()
      .describe('needed for the roles deployer and both'),
    controls: Controls.optional().describe('evidence of controls, where it has no file of its own'),
  })
  .refine(({ role, deployer }) => role === 'provider' || deployer !== undefined, {
    path: ['deployer'],
    message: 'is needed for the roles deployer and both',
  });
export type Questionnaire = z.infer<typeof Questionnaire>;
