import type { CheckProblem, RiskTier } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import { readDocument } from '../evidence/document.ts';
import { toCheckProblems } from '../report.ts';
import { classify } from './classify.ts';
import { Questionnaire } from './questionnaire.ts';

/** The evidence name of the questionnaire. */
export const RISK_QUESTIONNAIRE = 'risk_questionnaire';

/** The questionnaire, or why there is none to use. */
export type QuestionnaireReading =
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly problems: readonly CheckProblem[] }
  | { readonly kind: 'read'; readonly value: Questionnaire };

type Evidence = CheckInput<unknown>['evidence'];

/** The questionnaire among the evidence, or why it cannot be read. */
export async function readQuestionnaire(evidence: Evidence): Promise<QuestionnaireReading> {
  const file = evidence.get(RISK_QUESTIONNAIRE);
  if (file === undefined) return { kind: 'missing' };
  const result = await readDocument(RISK_QUESTIONNAIRE, file, Questionnaire);
  return result.ok
    ? { kind: 'read', value: result.value }
    : { kind: 'invalid', problems: toCheckProblems(result.problems) };
}

/** The tier that the submitted answers amount to; undefined, and so to be treated as high-risk, when there are none. */
export async function submittedTier(evidence: Evidence): Promise<RiskTier | undefined> {
  const reading = await readQuestionnaire(evidence);
  return reading.kind === 'read' ? classify(reading.value).tier : undefined;
}

/** Whether the stricter rules of high-risk hold: by the submitted answers, and always where there are none to read. */
export async function isHighRisk(evidence: Evidence): Promise<boolean> {
  const tier = await submittedTier(evidence);
  return tier === undefined || tier === 'high_risk' || tier === 'prohibited';
}
