import { z } from 'zod';
import type { CheckProblem, CheckReport, Measurement } from '../../domain/index.ts';
import { readCardDocument } from '../card/read.ts';
import { type CardSource, MODEL_CARD } from '../card/source.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { counted, insufficient, notSubmitted, report } from '../report.ts';

const PARAMETERS = z.strictObject({});

/** The model card is valid in its format and about exactly this artifact. */
export const modelCardSchemaValid = defineCheck({
  name: 'model_card_schema_valid',
  stage: 'model_card',
  version: '2.0.0',
  proves:
    'The card is a CycloneDX 1.6 or 1.7 ML-BOM, a Hugging Face README.md, a Model Card Toolkit 0.0.2 or an SPDX 3.0 document that the rules of its format accept, describes exactly one model that is this model version, and carries the SHA-256 of this artifact.',
  doesNotProve:
    'That what the card says is true, or that it says anything: the formats make almost every part of a card optional. Of SPDX, only models, datasets and relationships are looked at.',
  evidence: [
    {
      name: MODEL_CARD,
      required: true,
      description:
        'model card: CycloneDX 1.6 or 1.7 ML-BOM in JSON (the canonical form), Hugging Face README.md with front matter, Model Card Toolkit JSON 0.0.2, or SPDX 3.0 JSON (docs/model-cards.md)',
    },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<unknown>): Promise<CheckReport> {
  const file = input.evidence.get(MODEL_CARD);
  if (file === undefined)
    return insufficient('no model card was submitted (evidence model_card)', [
      notSubmitted(MODEL_CARD, 'the model card'),
    ]);
  const document = await readCardDocument(file);
  switch (document.kind) {
    case 'unsupported':
      return insufficient(document.message, document.problems);
    case 'unreadable':
      return failed('the model card cannot be read', document.problems);
    case 'readable':
      return judge(document.source, input);
  }
}

async function judge(source: CardSource, input: CheckInput<unknown>): Promise<CheckReport> {
  const { format } = source;
  const invalid = await source.schemaProblems();
  if (invalid.length > 0)
    return failed(`the card is no valid ${format} document`, invalid, [violations(invalid.length)]);
  const problems = source.subjectProblems(input);
  const measurements = [violations(0), { name: 'binding_problems', value: problems.length, unit: 'count' }];
  if (problems.length > 0)
    return failed('the card does not describe this artifact soundly', problems, measurements);
  const details = { format, artifact: input.artifact.digest };
  return report(
    'passed',
    `valid ${format} card of ${input.modelId}@${input.modelVersion}, bound to this artifact by its SHA-256`,
    { details, measurements },
  );
}

function violations(value: number): Measurement {
  return { name: 'schema_violations', value, unit: 'count' };
}

function failed(
  what: string,
  problems: readonly CheckProblem[],
  measurements: readonly Measurement[] = [],
): CheckReport {
  const first = problems[0];
  const said = first === undefined ? '' : `: ${first.where.replace(/^model_card: /, '')} ${first.message}`;
  return report('failed', `${what} (${counted(problems.length, 'problem')})${said}`, {
    problems,
    measurements,
  });
}
