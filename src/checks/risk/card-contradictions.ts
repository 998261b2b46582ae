import type { CheckProblem } from '../../domain/index.ts';
import type { Card } from '../card/card.ts';
import { MODEL_CARD } from '../card/read.ts';
import { problem, quoted } from '../report.ts';
import { ANNEX_III, AREA_NAMES } from './law.ts';
import type { Questionnaire } from './questionnaire.ts';
import { RISK_QUESTIONNAIRE } from './read.ts';

/** Uses stated on the card that fall in an Annex III area which the questionnaire says does not apply. */
export function cardContradictions(card: Card, answers: Questionnaire): CheckProblem[] {
  return card.uses.flatMap(({ text, where }) => areaContradictions(text, `${MODEL_CARD}: ${where}`, answers));
}

/** The same for the questionnaire's own words about the purpose. */
export function purposeContradictions(answers: Questionnaire): CheckProblem[] {
  return areaContradictions(answers.intended_purpose, `${RISK_QUESTIONNAIRE}: intended_purpose`, answers);
}

function areaContradictions(text: string, where: string, answers: Questionnaire): CheckProblem[] {
  return AREA_NAMES.flatMap((name) => {
    const word = answers.annex_iii[name].applies ? null : ANNEX_III[name].words.exec(text);
    if (word === null) return [];
    const { number, title } = ANNEX_III[name];
    return [
      problem(
        where,
        `the stated use ${quoted(word[0])} falls in Annex III, ${number} (${title}), which the questionnaire says does not apply`,
        `set annex_iii.${name}.applies to true, or state what the model is not for as out of scope`,
      ),
    ];
  });
}
