import { z } from 'zod';
import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import type { Card, CardText } from '../card/card.ts';
import { MODEL_CARD, readCard } from '../card/read.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { thinReason } from '../placeholder.ts';
import { insufficient, problem, report } from '../report.ts';
import { cardContradictions } from '../risk/card-contradictions.ts';
import { RISK_QUESTIONNAIRE, readQuestionnaire } from '../risk/read.ts';

const PARAMETERS = z.strictObject({
  minimum_characters: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('letters and digits that a use case needs at least'),
});
type Parameters = z.output<typeof PARAMETERS>;
const MINIMUM_USER = 3;

/** The card says what the model is for, for whom, and what it is not for. */
export const intendedUseDefined = defineCheck({
  name: 'intended_use_defined',
  stage: 'model_card',
  version: '1.1.0',
  proves:
    'The card states intended uses, intended users and at least one use that is out of scope, and no stated use falls in an Annex III area that the risk questionnaire leaves out.',
  doesNotProve:
    'That the model is used so, or that the wording covers every use; the comparison with the questionnaire is by words.',
  evidence: [
    {
      name: MODEL_CARD,
      required: true,
      description: 'uses and users of the model card: considerations.useCases and users in CycloneDX',
    },
    { name: RISK_QUESTIONNAIRE, required: false, description: 'compared with the stated uses' },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const reading = await readCard(input);
  if (!reading.ok) return insufficient(reading.message, reading.problems);
  const { card } = reading;
  const stated = statementProblems(card, input.parameters.minimum_characters);
  const questionnaire = await readQuestionnaire(input.evidence);
  const contradictions = questionnaire.kind === 'read' ? cardContradictions(card, questionnaire.value) : [];
  const problems = [...stated, ...contradictions];
  const measurements = [
    { name: 'uses', value: card.uses.length, unit: 'count' },
    { name: 'kinds_of_users', value: card.users.length, unit: 'count' },
    { name: 'uses_out_of_scope', value: card.outOfScopeUses.length, unit: 'count' },
  ];
  const details = { questionnaire: questionnaire.kind, compared: questionnaire.kind === 'read' };
  if (problems.length > 0)
    return report(
      'failed',
      problems
        .map(({ message }) => message)
        .slice(0, 3)
        .join('; '),
      { problems, details, measurements },
    );
  if (questionnaire.kind === 'invalid') {
    return insufficient(
      'the risk questionnaire cannot be read, so the uses cannot be compared with it',
      questionnaire.problems,
    );
  }
  const compared =
    questionnaire.kind === 'read'
      ? 'in line with the risk questionnaire'
      : 'no risk questionnaire to compare with';
  const count = `${card.uses.length} uses, ${card.users.length} kinds of users, ${card.outOfScopeUses.length} uses out of scope`;
  return report('passed', `${count}; ${compared}`, { details, measurements });
}

function statementProblems({ uses, users, outOfScopeUses, terms }: Card, minimum: number): CheckProblem[] {
  return [
    ...textProblems(terms.uses, 'intended use', uses, minimum),
    ...textProblems(terms.users, 'intended user', users, MINIMUM_USER),
    ...textProblems(
      `${terms.uses} (out of scope)`,
      'use out of scope',
      outOfScopeUses,
      minimum,
      terms.outOfScope,
    ),
  ];
}

function textProblems(
  field: string,
  what: string,
  texts: readonly CardText[],
  minimum: number,
  remedy = `state at least one ${what}`,
): CheckProblem[] {
  if (texts.length === 0) return [problem(`${MODEL_CARD}: ${field}`, `the card states no ${what}`, remedy)];
  return texts.flatMap(({ text, where }) => {
    const reason = thinReason(text, minimum);
    return reason === undefined
      ? []
      : [
          problem(
            `${MODEL_CARD}: ${where}`,
            `an ${what} ${reason}`.replace(/^an use/, 'a use'),
            'say it in words of your own',
          ),
        ];
  });
}
