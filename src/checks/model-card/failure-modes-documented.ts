import { z } from 'zod';
import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import type { CardTerms, CardText } from '../card/card.ts';
import { type FailureMode, parseFailureMode, SEVERITIES } from '../card/failure-mode.ts';
import { MODEL_CARD, readCard } from '../card/read.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { thinReason } from '../placeholder.ts';
import { counted, insufficient, problem, report } from '../report.ts';
import { isHighRisk, RISK_QUESTIONNAIRE } from '../risk/read.ts';

const PARAMETERS = z.strictObject({
  require_severity: z
    .enum(['high_risk', 'always', 'never'])
    .default('high_risk')
    .describe(
      'when every limitation needs severity and mitigation: for high_risk (and where the tier is unknown), always or never',
    ),
  minimum_characters: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('letters and digits that a limitation needs at least'),
});
const REMEDY = 'write "When: …; Effect: …; Severity: low|medium|high|critical; Mitigation: …"';
type Parameters = z.output<typeof PARAMETERS>;

/** The card says under which conditions the model fails and what happens then. */
export const failureModesDocumented = defineCheck({
  name: 'failure_modes_documented',
  stage: 'model_card',
  version: '1.1.0',
  proves:
    'The card documents limitations in words of its own, at least one with its condition and effect; for high-risk each also with severity and mitigation.',
  doesNotProve: 'That the list is complete, or that a mitigation works.',
  evidence: [
    {
      name: MODEL_CARD,
      required: true,
      description: 'limitations of the model card: considerations.technicalLimitations in CycloneDX',
    },
    {
      name: RISK_QUESTIONNAIRE,
      required: false,
      description: 'decides whether the stricter rules of high_risk hold',
    },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const reading = await readCard(input);
  if (!reading.ok) return insufficient(reading.message, reading.problems);
  const { limitations, terms } = reading.card;
  if (limitations.length === 0) {
    return report('failed', `the card documents no failure mode (${terms.limitations} is empty)`, {
      problems: [
        problem(`${MODEL_CARD}: ${terms.limitations}`, 'the card documents no failure mode', REMEDY),
      ],
    });
  }
  const strict = await isStrict(input);
  const modes = limitations.map(({ text }) => parseFailureMode(text));
  const problems = [
    ...limitations.flatMap((limitation) =>
      substanceProblems(limitation, input.parameters.minimum_characters),
    ),
    ...(strict ? limitations.flatMap(partProblems) : someProblem(modes, terms)),
  ];
  const details = { failure_modes: modes.map((mode) => ({ ...mode })), severity_required: strict };
  const outcome = problems.length === 0 ? 'passed' : 'failed';
  const said =
    problems.length === 0 ? '' : `; ${counted(problems.length, 'problem')}, first: ${problems[0]?.message}`;
  return report(outcome, `${counted(limitations.length, 'failure mode')} documented${said}`, {
    problems,
    details,
    measurements: [
      { name: 'failure_modes', value: limitations.length, unit: 'count' },
      {
        name: 'failure_modes_with_severity',
        value: modes.filter(({ severity }) => severity !== undefined).length,
        unit: 'count',
      },
    ],
  });
}

async function isStrict({ evidence, parameters }: CheckInput<Parameters>): Promise<boolean> {
  if (parameters.require_severity !== 'high_risk') return parameters.require_severity === 'always';
  return isHighRisk(evidence);
}

function substanceProblems({ text, where }: CardText, minimum: number): CheckProblem[] {
  const reason = thinReason(text, minimum);
  return reason === undefined ? [] : [problem(`${MODEL_CARD}: ${where}`, `the limitation ${reason}`, REMEDY)];
}

function someProblem(modes: readonly FailureMode[], terms: CardTerms): CheckProblem[] {
  if (modes.some(({ when, effect }) => when !== undefined && effect !== undefined)) return [];
  return [
    problem(
      `${MODEL_CARD}: ${terms.limitations}`,
      'no limitation says when the model fails and what happens then',
      'write "When: …; Effect: …"',
    ),
  ];
}

function partProblems({ text, where }: CardText): CheckProblem[] {
  const mode = parseFailureMode(text);
  const missing = (['when', 'effect', 'severity', 'mitigation'] as const).filter(
    (part) => mode[part] === undefined || thinReason(mode[part], 3) !== undefined,
  );
  const at = `${MODEL_CARD}: ${where}`;
  if (missing.length > 0) {
    return [problem(at, `the limitation does not state its ${missing.join(', ')}`, REMEDY)];
  }
  if (SEVERITIES.some((severity) => severity === mode.severity?.toLowerCase().replace(/\.$/, ''))) return [];
  return [
    problem(
      at,
      `severity is not one of ${SEVERITIES.join(', ')}`,
      `write Severity: with one of ${SEVERITIES.join(', ')}`,
    ),
  ];
}
