import type { CheckProblem } from '../../../domain/index.ts';
import { remember } from '../../../lib/index.ts';
import { problem } from '../../report.ts';
import { hashProblems, nameProblems, type StatedHash } from '../binding.ts';
import { schemaErrors } from '../json-schema.ts';
import { type CardReading, type CardSource, type CardSubject, MODEL_CARD, unread } from '../source.ts';
import { ToolkitCard } from './document.ts';
import { MODEL_CARD_TOOLKIT_SCHEMA } from './schema.ts';
import { toCard } from './to-card.ts';

/** A reference that binds the card to bytes: the format has no other place for a hash, and a reference is any URI. */
const HASH_REFERENCE = /^countersign:sha256:(.*)$/i;
const REFERENCES = 'model_details.references';

/** A card of Google's Model Card Toolkit, schema version 0.0.2. */
export function modelCardToolkitSource(value: unknown): CardSource {
  const card = ToolkitCard.safeParse(value);
  const unreadable = (card.error?.issues ?? []).map((issue) =>
    problem(
      `${MODEL_CARD}: ${issue.path.join('.')}`,
      issue.message,
      'correct the field as the format describes it',
    ),
  );
  return {
    format: 'Model Card Toolkit 0.0.2',
    schemaProblems: () => schemaProblems(value),
    subjectProblems: (subject) => (card.success ? subjectProblems(card.data, subject) : unreadable),
    card: (subject) =>
      card.success
        ? cardOf(card.data, subject)
        : unread('the model card is not a valid one of the Model Card Toolkit', unreadable),
  };
}

async function schemaProblems(value: unknown): Promise<CheckProblem[]> {
  const validate = await validator();
  return validate(value) ? [] : schemaErrors(MODEL_CARD, validate.errors);
}

const validator = remember(async () => {
  const [{ Ajv }, { default: formats }] = await Promise.all([import('ajv'), import('ajv-formats')]);
  const ajv = new Ajv({ allErrors: true, strictRequired: false });
  formats.default(ajv);
  return ajv.compile(MODEL_CARD_TOOLKIT_SCHEMA);
});

function cardOf(card: ToolkitCard, subject: Pick<CardSubject, 'modelId' | 'modelVersion'>): CardReading {
  const [misnamed] = namingProblems(card, subject);
  if (misnamed !== undefined) return unread(`the model card: ${misnamed.message}`, [misnamed]);
  return { ok: true, card: toCard(card) };
}

function subjectProblems(card: ToolkitCard, subject: CardSubject): CheckProblem[] {
  const remedy = (sha256: string) => `add { "reference": "countersign:sha256:${sha256}" }`;
  return [
    ...namingProblems(card, subject),
    ...hashProblems(hashesOf(card), subject, { where: REFERENCES, remedy }),
  ];
}

function namingProblems(
  { model_details: { name, version } }: ToolkitCard,
  subject: Pick<CardSubject, 'modelId' | 'modelVersion'>,
): CheckProblem[] {
  return nameProblems('model_details.name, version.name', { id: name, version: version.name }, subject);
}

function hashesOf({ model_details: details }: ToolkitCard): StatedHash[] {
  return details.references.flatMap(({ reference }, index) => {
    const sha256 = HASH_REFERENCE.exec(reference)?.[1];
    return sha256 === undefined ? [] : [{ where: `${REFERENCES}[${index}].reference`, sha256 }];
  });
}
