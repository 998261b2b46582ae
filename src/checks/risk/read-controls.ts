import type { CheckProblem } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import { readDocument } from '../evidence/document.ts';
import { problem, toCheckProblems } from '../report.ts';
import { type Controls, ControlsDocument } from './controls-document.ts';
import type { Questionnaire } from './questionnaire.ts';

/** The evidence name of the controls document. */
export const CONTROLS_EVIDENCE = 'controls';

/** Where the submission lists its evidence of controls, or why nothing can be read. */
export type ControlsReading =
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly problems: readonly CheckProblem[] }
  | { readonly kind: 'read'; readonly value: Controls };

/** The controls of the `controls` document, or those in the questionnaire; giving both is refused. */
export async function readControls(
  { evidence, modelId, modelVersion }: Pick<CheckInput<unknown>, 'evidence' | 'modelId' | 'modelVersion'>,
  answers: Questionnaire,
): Promise<ControlsReading> {
  const file = evidence.get(CONTROLS_EVIDENCE);
  if (file === undefined) {
    return answers.controls === undefined ? { kind: 'missing' } : { kind: 'read', value: answers.controls };
  }
  if (answers.controls !== undefined) {
    const message = 'controls are listed here and in the questionnaire';
    return { kind: 'invalid', problems: [problem(CONTROLS_EVIDENCE, message, 'list them in one place')] };
  }
  const document = await readDocument(CONTROLS_EVIDENCE, file, ControlsDocument);
  if (!document.ok) return { kind: 'invalid', problems: toCheckProblems(document.problems) };
  const { model, controls } = document.value;
  if (model.id === modelId && model.version === modelVersion) return { kind: 'read', value: controls };
  const message = `is about ${model.id}@${model.version}, not ${modelId}@${modelVersion}`;
  return {
    kind: 'invalid',
    problems: [problem(`${CONTROLS_EVIDENCE}: model`, message, 'submit the controls of this model version')],
  };
}
