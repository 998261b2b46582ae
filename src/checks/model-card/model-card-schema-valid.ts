import { z } from 'zod';
import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import { Bom } from '../card/bom.ts';
import { bomProblems } from '../card/bom-problems.ts';
import { schemaProblems } from '../card/cyclonedx-schema.ts';
import type { CycloneDxVersion } from '../card/format.ts';
import { MODEL_CARD, readCardDocument } from '../card/read.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { counted, insufficient, problem, report } from '../report.ts';

const PARAMETERS = z.strictObject({});

/** The model card is a valid CycloneDX ML-BOM about exactly this artifact. */
export const modelCardSchemaValid = defineCheck({
  name: 'model_card_schema_valid',
  stage: 'model_card',
  version: '1.0.0',
  proves:
    'The card is a CycloneDX 1.6 or 1.7 document that its schema accepts, with exactly one model component that names this model version and carries the SHA-256 of this artifact.',
  doesNotProve:
    'That what the card says is true, or that it says anything: its schema makes every part of a card optional.',
  evidence: [
    { name: MODEL_CARD, required: true, description: 'model card: CycloneDX 1.6 or 1.7 ML-BOM in JSON' },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<unknown>): Promise<CheckReport> {
  const file = input.evidence.get(MODEL_CARD);
  if (file === undefined) return insufficient('no model card was submitted (evidence model_card)');
  const document = await readCardDocument(file);
  switch (document.kind) {
    case 'unsupported':
      return insufficient(document.message);
    case 'unreadable':
      return failed('the model card cannot be read', document.problems);
    case 'cyclonedx':
      return judge(document.specVersion, document.value, input);
  }
}

async function judge(
  version: CycloneDxVersion,
  value: unknown,
  input: CheckInput<unknown>,
): Promise<CheckReport> {
  const invalid = await schemaProblems(MODEL_CARD, version, value);
  if (invalid.length > 0) return failed(`the card is no valid CycloneDX ${version} document`, invalid);
  const bom = Bom.safeParse(value);
  if (!bom.success) {
    const problems = bom.error.issues.map((issue) =>
      problem(`${MODEL_CARD}: ${issue.path.join('.')}`, issue.message),
    );
    return failed('the card has parts that cannot be read', problems);
  }
  const problems = bomProblems(bom.data, input);
  if (problems.length > 0) return failed('the card does not describe this artifact soundly', problems);
  const details = { format: `CycloneDX ${version}`, artifact: input.artifact.digest };
  return report(
    'passed',
    `valid CycloneDX ${version} card of ${input.modelId}@${input.modelVersion}, bound to this artifact by its SHA-256`,
    { details },
  );
}

function failed(what: string, problems: readonly CheckProblem[]): CheckReport {
  const first = problems[0];
  const said = first === undefined ? '' : `: ${first.where.replace(/^model_card: /, '')} ${first.message}`;
  return report('failed', `${what} (${counted(problems.length, 'problem')})${said}`, { problems });
}
