import { z } from 'zod';
import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import { type CardReading, MODEL_CARD, readCard } from '../card/read.ts';
import { type CheckFile, type CheckInput, defineCheck } from '../contract.ts';
import { PREDICTIONS, predictionColumns } from '../predictions/columns.ts';
import { counted, insufficient, problem, report } from '../report.ts';
import { cardContradictions, purposeContradictions } from '../risk/card-contradictions.ts';
import { type Classification, classify } from '../risk/classify.ts';
import { contradictions } from '../risk/contradictions.ts';
import { LAW_VERSION, PROTECTED_COLUMN } from '../risk/law.ts';
import type { Questionnaire } from '../risk/questionnaire.ts';
import { RISK_QUESTIONNAIRE, readQuestionnaire } from '../risk/read.ts';

const PARAMETERS = z.strictObject({});

/** The risk tier, computed from the answers, is the declared one, and the answers hold together. */
export const riskTierAssigned = defineCheck({
  name: 'risk_tier_assigned',
  stage: 'risk_classification',
  version: '1.0.0',
  proves:
    'The EU AI Act tier computed from the questionnaire is the one declared, it is not prohibited, and the answers contradict neither each other nor the card nor the columns of the predictions.',
  doesNotProve: 'That the answers are true, or that a court would classify the system so.',
  evidence: [
    { name: RISK_QUESTIONNAIRE, required: true, description: 'answers from which the tier is computed' },
    { name: MODEL_CARD, required: false, description: 'stated uses are compared with the ticked areas' },
    {
      name: PREDICTIONS,
      required: false,
      description: 'columns are compared with "no natural persons affected"',
    },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<unknown>): Promise<CheckReport> {
  const reading = await readQuestionnaire(input.evidence);
  if (reading.kind === 'missing')
    return insufficient('no risk questionnaire was submitted (evidence risk_questionnaire)');
  if (reading.kind === 'invalid') {
    const message = `the risk questionnaire is not valid (${counted(reading.problems.length, 'problem')}): ${reading.problems[0]?.message}`;
    return report('failed', message, { problems: reading.problems });
  }
  const classification = classify(reading.value);
  const card = await readCard(input);
  const problems = [
    ...tierProblems(reading.value, classification),
    ...contradictions(reading.value, input),
    ...purposeContradictions(reading.value),
    ...(await evidenceContradictions(reading.value, card, input)),
  ];
  return conclude(reading.value, classification, problems, card.ok);
}

function conclude(
  answers: Questionnaire,
  { tier, reasons }: Classification,
  problems: readonly CheckProblem[],
  cardCompared: boolean,
): CheckReport {
  const details = {
    risk_tier: tier,
    declared_tier: answers.declared_tier,
    reasons: reasons.map((reason) => ({ ...reason })),
    law_version: LAW_VERSION,
    card_compared: cardCompared,
    assessor: answers.assessment.assessor,
    assessment_version: answers.assessment.version,
  };
  const because = reasons.map(({ provision, message }) => `${provision}: ${message}`).join('; ');
  const failing = tier === 'prohibited' || problems.length > 0;
  const said =
    problems.length === 0
      ? because
      : `${problems
          .map(({ message }) => message)
          .slice(0, 3)
          .join('; ')} (${because})`;
  return report(failing ? 'failed' : 'passed', `risk tier ${tier}: ${said}`, { problems, details });
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
  if (file === undefined || answers.people.natural_persons_affected) return fromCard;
  return [...fromCard, ...(await columnContradictions(file))];
}

async function columnContradictions(file: CheckFile): Promise<CheckProblem[]> {
  const where = `${RISK_QUESTIONNAIRE}: people.natural_persons_affected`;
  const columns = await predictionColumns(file);
  if (!columns.ok)
    return [problem(where, 'no natural persons affected, but the predictions cannot be read to compare')];
  const found = columns.value.filter((column) => PROTECTED_COLUMN.test(column));
  if (found.length === 0) return [];
  const message = `no natural persons affected, yet the predictions have the columns ${found.join(', ')}`;
  return [problem(where, message, 'answer natural_persons_affected: true')];
}
