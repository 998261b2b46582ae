import { z } from 'zod';
import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import type { Card } from '../card/card.ts';
import { MODEL_CARD, readCard } from '../card/read.ts';
import {
  isContact,
  isGenerative,
  SECURITY_NAMESPACE,
  SECURITY_TOPICS,
  type SecurityTopic,
} from '../card/security-topics.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { thinReason } from '../placeholder.ts';
import { insufficient, problem, report } from '../report.ts';

const PARAMETERS = z.strictObject({
  generative: z
    .boolean()
    .optional()
    .describe(
      'whether prompt injection must be covered; by default decided from the task that the card states',
    ),
});
type Parameters = z.output<typeof PARAMETERS>;

/** The card covers threats, supply chain, robustness, known vulnerabilities and a contact. */
export const securityPropertiesDocumented = defineCheck({
  name: 'security_properties_documented',
  stage: 'model_card',
  version: '1.1.0',
  proves:
    'The card states, in words that are no placeholder, its exposure to each class of attack, its supply chain, what robustness was tested, the known vulnerabilities and whom to tell of new ones.',
  doesNotProve:
    'That a defence works or that a stated test was made; the safety and security stages test that.',
  evidence: [
    {
      name: MODEL_CARD,
      required: true,
      description: `properties named ${SECURITY_NAMESPACE}… of the model card`,
    },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const reading = await readCard(input);
  if (!reading.ok) return insufficient(reading.message, reading.problems);
  const generative = input.parameters.generative ?? isGenerative(reading.card.task);
  const topics = SECURITY_TOPICS.filter((topic) => topic.generativeOnly !== true || generative);
  const problems = topics.flatMap((topic) => topicProblems(reading.card, topic));
  const covered = topics.length - new Set(problems.map(({ where }) => where)).size;
  const message = `${covered} of ${topics.length} security properties documented`;
  return report(
    problems.length === 0 ? 'passed' : 'failed',
    problems.length === 0
      ? message
      : `${message}; ${problems[0]?.where.replace(/^model_card: /, '')} ${problems[0]?.message}`,
    {
      problems,
      measurements: [
        { name: 'security_properties', value: covered, unit: 'count' },
        { name: 'security_properties_required', value: topics.length, unit: 'count' },
      ],
      details: { topics: topics.map(({ key }) => key), generative },
    },
  );
}

function topicProblems(card: Card, topic: SecurityTopic): CheckProblem[] {
  const name = `${SECURITY_NAMESPACE}${topic.key}`;
  const where = `${MODEL_CARD}: ${name}`;
  const texts = card.properties.get(name) ?? [];
  if (texts.length === 0) {
    return [problem(where, `is missing: ${topic.title}`, card.terms.property(name))];
  }
  const thin = texts
    .map(({ text }) => thinReason(text, topic.minimum))
    .find((reason) => reason !== undefined);
  if (thin !== undefined) return [problem(where, thin, `state ${topic.title}`)];
  if (topic.key !== 'contact' || texts.some(({ text }) => isContact(text))) return [];
  return [
    problem(
      where,
      'is neither an e-mail address nor an https link',
      'write where to report a weakness, such as security@… or https://…',
    ),
  ];
}
