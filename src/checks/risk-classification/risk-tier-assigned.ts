import { z } from 'zod';
import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import { type CardReading, MODEL_CARD, readCard } from '../card/read.ts';
import { type CheckFile, type CheckInput, defineCheck } from '../contract.ts';
import { PREDICTIONS, predictionColumns } from '../predictions/columns.ts';
import { counted, insufficient, notSubmitted, problem, report } from '../report.ts';
import { cardContradictions, purposeContradictions } from '../risk/card-contradictions.ts';
import { type Classification, classify, type TierReason } from '../risk/classify.ts';
import { contradictions, unknownAct } from '../risk/contradictions.ts';
import { dayOf } from '../risk/fields.ts';
import { LAW_VERSION, PROTECTED_COLUMN, SPECIAL_COLUMN } from '../risk/law.ts';
import type { Questionnaire } from '../risk/questionnaire.ts';
import { RISK_QUESTIONNAIRE, readQuestionnaire } from '../risk/read.ts';

const PARAMETERS = z.strictObject({
  maximum_age_days: z
    .int()
    .min(1)
    .max(36_500)
    .default(1095)
    .describe('days that an assessment may be old at most; a convention, not law'),
});
type Parameters = z.output<typeof PARAMETERS>;

/** The risk tier, computed from the answers, is the declared one, and the answers hold together. */
export const riskTierAssigned = defineCheck({
  name: 'risk_tier_assigned',
  stage: 'risk_classification',
  version: '3.0.0',
  proves:
    'The EU AI Act tier computed from the questionnaire is the one declared, it is not prohibited, and the answers contradict neither each other nor the card nor the columns of the predictions.',
  doesNotProve: 'That the answers are true, or that a court would classify the system so.',
  evidence: [
    { name: RISK_QUESTIONNAIRE, required: true, description: 'answers from which the tier is computed' },
    { name: MODEL_CARD, required: true, description: 'stated uses are compared with the ticked areas' },
    {
      name: PREDICTIONS,
      required: false,
      description:
        'columns are compared with "no natural persons affected" and with special categories of data',
    },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const reading = await readQuestionnaire(input.evidence);
  if (reading.kind === 'missing')
    return insufficient('no risk questionnaire was submitted (evidence risk_questionnaire)', [
      notSubmitted(RISK_QUESTIONNAIRE, 'the answers about the use of this model version'),
    ]);
  if (reading.kind === 'invalid') {
    const message = `the risk questionnaire is not valid (${counted(reading.problems.length, 'problem')}): ${reading.problems[0]?.message}`;
    return report('failed', message, { problems: reading.problems });
  }
  const classification = classify(reading.value);
  const card = await readCard(input);
  const problems = [
    ...tierProblems(reading.value, classification),
    ...contradictions(reading.value, input),
    ...ageProblems(reading.value, input),
    ...purposeContradictions(reading.value),
    ...(await evidenceContradictions(reading.value, card, input)),
  ];
  const gaps = [...unknownAct(reading.value), ...uncompared(card)];
  return conclude(
    reading.value,
    classification,
    { problems, gaps },
    {
      cardCompared: card.ok,
      today: dayOf(input.now),
    },
  );
}

interface Objections {
  /** What cannot stand. */
  readonly problems: readonly CheckProblem[];
  /** What is missing to say whether it stands. */
  readonly gaps: readonly CheckProblem[];
}

function conclude(
  answers: Questionnaire,
  { tier, reasons, beside }: Classification,
  { problems, gaps }: Objections,
  { cardCompared, today }: { readonly cardCompared: boolean; readonly today: string },
): CheckReport {
  const details = {
    risk_tier: tier,
    declared_tier: answers.declared_tier,
    reasons: reasons.map(detailOf),
    beside_the_tier: beside.map(detailOf),
    law_version: LAW_VERSION,
    card_compared: cardCompared,
    assessor: answers.assessment.assessor,
    assessment_version: answers.assessment.version,
  };
  const because = [...reasons, ...beside].map((reason) => told(reason, today)).join('; ');
  const failing = tier === 'prohibited' || problems.length > 0;
  const against = [...problems, ...gaps];
  const prohibited = reasons
    .filter(() => tier === 'prohibited')
    .map(({ provision, message }) => problem(RISK_QUESTIONNAIRE, `${provision}: ${message}`, ABANDON));
  const said =
    against.length === 0
      ? because
      : `${against
          .map(({ message }) => message)
          .slice(0, 3)
          .join('; ')} (${because})`;
  const open = gaps.length > 0 ? 'insufficient_evidence' : 'passed';
  return report(failing ? 'failed' : open, `risk tier ${tier}: ${said}`, {
    problems: [...against, ...prohibited],
    measurements: [
      { name: 'reasons_for_the_tier', value: reasons.length, unit: 'count' },
      { name: 'contradictions', value: problems.length, unit: 'count' },
      { name: 'age_of_the_assessment', value: daysBetween(answers.assessment.date, today), unit: 'days' },
    ],
    details,
  });
}

const DAY_MS = 86_400_000;

/** Days from one day to another; negative where the first is the later one. */
function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

const ABANDON = 'do not put this use into service, or correct the answer';

function detailOf({ provision, message, appliesFrom }: TierReason) {
  return { provision, message, applies_from: appliesFrom ?? null };
}

/** A reason in words, with its day where that is still to come. */
function told({ provision, message, appliesFrom = '' }: TierReason, today: string): string {
  return `${provision}: ${message}${appliesFrom > today ? ` (applies from ${appliesFrom})` : ''}`;
}

/** Answers that nothing is held against are the submitter's word alone. */
function uncompared(card: CardReading): CheckProblem[] {
  if (card.ok) return [];
  const message = `no card that can be read to compare the answers with: ${card.message}`;
  return [problem(MODEL_CARD, message, 'submit a model card that states its uses')];
}

function ageProblems(
  { assessment }: Questionnaire,
  { now, parameters }: CheckInput<Parameters>,
): CheckProblem[] {
  const { maximum_age_days: maximum } = parameters;
  const days = Math.floor((Date.parse(dayOf(now)) - Date.parse(assessment.date)) / 86_400_000);
  if (days <= maximum) return [];
  return [
    problem(
      `${RISK_QUESTIONNAIRE}: assessment.date`,
      `${assessment.date} is ${days} days ago; at most ${maximum} are allowed (maximum_age_days)`,
      'assess it anew',
    ),
  ];
}

function tierProblems({ declared_tier }: Questionnaire, { tier }: Classification): CheckProblem[] {
  if (declared_tier === tier) return [];
  return [
    problem(
      `${RISK_QUESTIONNAIRE}: declared_tier`,
      `${declared_tier} is declared, but the answers amount to ${tier}`,
      `declare ${tier}, or correct the answers`,
    ),
  ];
}

async function evidenceContradictions(
  answers: Questionnaire,
  card: CardReading,
  input: CheckInput<unknown>,
): Promise<CheckProblem[]> {
  const fromCard = card.ok ? cardContradictions(card.card, answers) : [];
  const file = input.evidence.get(PREDICTIONS);
  return file === undefined ? fromCard : [...fromCard, ...(await columnContradictions(file, answers))];
}

async function columnContradictions(file: CheckFile, { people }: Questionnaire): Promise<CheckProblem[]> {
  const columns = await predictionColumns(file);
  if (!columns.ok)
    return people.natural_persons_affected
      ? []
      : [problem(AFFECTED, UNREADABLE, 'submit predictions that can be read')];
  const protectedOnes = columns.value.filter((column) => PROTECTED_COLUMN.test(column));
  const special = columns.value.filter((column) => SPECIAL_COLUMN.test(column));
  const explained =
    people.special_categories_for_bias === true || people.special_categories_justification !== undefined;
  return [
    ...(people.natural_persons_affected || protectedOnes.length === 0 ? [] : [personsOf(protectedOnes)]),
    ...(explained || special.length === 0 ? [] : [unexplained(special)]),
  ];
}

const AFFECTED = `${RISK_QUESTIONNAIRE}: people.natural_persons_affected`;
const UNREADABLE = 'no natural persons affected, but the predictions cannot be read to compare';

function personsOf(columns: readonly string[]): CheckProblem {
  const message = `no natural persons affected, yet the predictions have the columns ${columns.join(', ')}`;
  return problem(AFFECTED, message, 'answer natural_persons_affected: true');
}

function unexplained(columns: readonly string[]): CheckProblem {
  return problem(
    `${RISK_QUESTIONNAIRE}: people.special_categories_for_bias`,
    `the predictions have the columns ${columns.join(', ')}, special categories of personal data, of which the answers say nothing`,
    'answer special_categories_for_bias: true and give evidence of the control special_category_bias_processing (Art. 4a), or add special_categories_justification',
  );
}
